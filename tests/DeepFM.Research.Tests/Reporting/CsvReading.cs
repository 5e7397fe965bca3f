using System.Text;

namespace DeepFM.Research.Tests.Reporting;

/// <summary>A plain reader of RFC 4180, to hold the writer against.</summary>
static class CsvReading
{
    public static string[][] Read(string text)
    {
        List<string[]> rows = [];
        List<string> row = [];
        StringBuilder field = new();
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"') { field.Append(text[++i]); }
            else if (c == '"') { quoted = !quoted; }
            else if (!quoted && c is ',' or '\n' && !quoted)
            {
                row.Add(field.ToString());
                field.Clear();
                if (c == '\n')
                {
                    rows.Add([.. row]);
                    row.Clear();
                }
            }
            else { field.Append(c); }
        }
        return [.. rows];
    }
}
