using FSharp.Compiler.Tokenization;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace DeepFM.Notebooks.Languages.FSharp;

/// <summary>What stands open where F# code ends.</summary>
/// <param name="Brackets">Brackets that are not closed.</param>
/// <param name="IsUnopened">Whether one is closed that was not opened.</param>
/// <param name="IsText">Whether the code ends inside a string or a comment.</param>
readonly record struct FSharpOpenings(int Brackets, bool IsUnopened, bool IsText)
{
    /// <summary>Whether another line is needed.</summary>
    public bool Any => Brackets > 0 || IsText;

    /// <summary>Looks through the code, line by line.</summary>
    public static FSharpOpenings Of(ReadOnlySpan<string> lines)
    {
        FSharpSourceTokenizer tokenizer = new(FSharpList<string>.Empty, null, null);
        FSharpTokenizerLexState state = FSharpTokenizerLexState.Initial;
        (int brackets, bool isUnopened) = (0, false);
        foreach (string line in lines)
        {
            FSharpLineTokenizer rest = tokenizer.CreateLineTokenizer(line);
            for (FSharpOption<FSharpTokenInfo>? found; ;)
            {
                (found, state) = rest.ScanToken(state);
                if (found is null) { break; }
                brackets += found.Value.TokenName switch
                {
                    "LPAREN" or "LBRACK" or "LBRACK_BAR" or "LBRACK_LESS" or "LBRACE" or "LBRACE_BAR" => 1,
                    "RPAREN" or "RBRACK" or "BAR_RBRACK" or "GREATER_RBRACK" or "RBRACE" or "BAR_RBRACE" => -1,
                    _ => 0,
                };
                isUnopened |= brackets < 0;
            }
        }
        return new(brackets, isUnopened, FSharpLineTokenizer.ColorStateOfLexState(state) is
            FSharpTokenizerColorState.String or FSharpTokenizerColorState.VerbatimString or FSharpTokenizerColorState.TripleQuoteString
            or FSharpTokenizerColorState.Comment or FSharpTokenizerColorState.StringInComment
            or FSharpTokenizerColorState.VerbatimStringInComment or FSharpTokenizerColorState.TripleQuoteStringInComment);
    }
}
