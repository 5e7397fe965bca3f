using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace DeepFM.Notebooks.Languages.CSharp;

/// <summary>Writes a check into the loops of C# cells, and behind what they await.</summary>
static class CSharpLoops
{
    /// <summary>
    /// The tree with a check in every loop outside functions, and behind every statement that awaits: a cell that was given up goes no
    /// further than what it waits for. Loops in functions get their checks from the compiler, unless there are asynchronous ones. Lines
    /// stay the same, columns do not.
    /// </summary>
    /// <param name="tree">A cell.</param>
    /// <returns>The same tree when it has nothing of the kind.</returns>
    public static SyntaxTree AddChecks(SyntaxTree tree)
    {
        SyntaxNode root = tree.GetRoot();
        SyntaxNode changed = new LoopRewriter(HasAsync(tree)).Visit(root);
        return ReferenceEquals(root, changed) ? tree : tree.WithRootAndOptions(changed, tree.Options);
    }

    /// <summary>Whether the code has asynchronous functions.</summary>
    /// <remarks>
    /// The compiler's own checks must not be in them: it puts one where a function goes on behind an await, outside of what makes an
    /// exception its task's. There it ends the process, and the task never ends.
    /// </remarks>
    public static bool HasAsync(SyntaxTree tree) => tree.GetRoot().DescendantTokens().Any(token => token.IsKind(SyntaxKind.AsyncKeyword));

    sealed class LoopRewriter(bool everywhere) : CSharpSyntaxRewriter
    {
        static readonly StatementSyntax check = ParseStatement($"global::{CellLoop.CheckCall};");
        int cleaning;                           // catch and finally clauses around the node

        public override SyntaxNode? VisitCompilationUnit(CompilationUnitSyntax node)
        {
            CompilationUnitSyntax visited = (CompilationUnitSyntax)base.VisitCompilationUnit(node)!;
            return WithChecks(visited.Members, GlobalStatement(check), out SyntaxList<MemberDeclarationSyntax> members)
                ? visited.WithMembers(members) : visited;
        }

        public override SyntaxNode? VisitBlock(BlockSyntax node)
        {
            BlockSyntax visited = (BlockSyntax)base.VisitBlock(node)!;
            return cleaning == 0 && WithChecks(visited.Statements, check, out SyntaxList<StatementSyntax> statements)
                ? visited.WithStatements(statements) : visited;
        }

        // What cleans up goes on to its end.
        public override SyntaxNode? VisitCatchClause(CatchClauseSyntax node)
        {
            cleaning++;
            SyntaxNode? visited = base.VisitCatchClause(node);
            cleaning--;
            return visited;
        }

        public override SyntaxNode? VisitFinallyClause(FinallyClauseSyntax node)
        {
            cleaning++;
            SyntaxNode? visited = base.VisitFinallyClause(node);
            cleaning--;
            return visited;
        }

        public override SyntaxNode? VisitMethodDeclaration(MethodDeclarationSyntax node) =>
            everywhere ? base.VisitMethodDeclaration(node) : node;

        public override SyntaxNode? VisitClassDeclaration(ClassDeclarationSyntax node) =>
            everywhere ? base.VisitClassDeclaration(node) : node;

        public override SyntaxNode? VisitStructDeclaration(StructDeclarationSyntax node) =>
            everywhere ? base.VisitStructDeclaration(node) : node;

        public override SyntaxNode? VisitRecordDeclaration(RecordDeclarationSyntax node) =>
            everywhere ? base.VisitRecordDeclaration(node) : node;

        public override SyntaxNode? VisitWhileStatement(WhileStatementSyntax node) =>
            node.WithStatement(WithCheck((StatementSyntax)Visit(node.Statement)));

        public override SyntaxNode? VisitDoStatement(DoStatementSyntax node) =>
            node.WithStatement(WithCheck((StatementSyntax)Visit(node.Statement)));

        public override SyntaxNode? VisitForStatement(ForStatementSyntax node) =>
            node.WithStatement(WithCheck((StatementSyntax)Visit(node.Statement)));

        public override SyntaxNode? VisitForEachStatement(ForEachStatementSyntax node) =>
            node.WithStatement(WithCheck((StatementSyntax)Visit(node.Statement)));

        public override SyntaxNode? VisitForEachVariableStatement(ForEachVariableStatementSyntax node) =>
            node.WithStatement(WithCheck((StatementSyntax)Visit(node.Statement)));

        // None behind the last: it is the cell's value, or the block ends.
        static bool WithChecks<T>(SyntaxList<T> nodes, T check, out SyntaxList<T> result) where T : SyntaxNode
        {
            List<T> all = [];
            for (int at = 0; at < nodes.Count; at++)
            {
                T node = nodes[at];
                if (at == nodes.Count - 1 || !Awaits(node)) { all.Add(node); continue; }
                all.Add(node.WithoutTrailingTrivia());
                all.Add(check.WithTrailingTrivia(node.GetTrailingTrivia()));        // on the same line
            }
            result = List(all);
            return all.Count > nodes.Count;
        }

        static bool Awaits(SyntaxNode node) => node is not (BaseTypeDeclarationSyntax or MethodDeclarationSyntax or LocalFunctionStatementSyntax)
            && node.DescendantNodes(inner => inner is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
                .Any(inner => inner is AwaitExpressionSyntax);

        // No trivia of its own: everything stays on its line.
        static BlockSyntax WithCheck(StatementSyntax body) =>
            Block(Token(SyntaxKind.OpenBraceToken), List([check, body]), Token(SyntaxKind.CloseBraceToken));
    }
}
