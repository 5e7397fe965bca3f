using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace DeepFM.Notebooks.Languages.CSharp;

/// <summary>Writes a check into the loops of C# cells.</summary>
static class CSharpLoops
{
    /// <summary>
    /// The tree with a check in every loop outside functions; those in functions get theirs from the compiler. Lines stay
    /// the same, columns do not.
    /// </summary>
    /// <returns>The same tree when it has no such loop.</returns>
    public static SyntaxTree AddChecks(SyntaxTree tree)
    {
        SyntaxNode root = tree.GetRoot();
        SyntaxNode changed = new LoopRewriter().Visit(root);
        return ReferenceEquals(root, changed) ? tree : tree.WithRootAndOptions(changed, tree.Options);
    }

    sealed class LoopRewriter : CSharpSyntaxRewriter
    {
        static readonly StatementSyntax check = ParseStatement($"global::{CellLoop.CheckCall};");

        public override SyntaxNode? VisitMethodDeclaration(MethodDeclarationSyntax node) => node;

        public override SyntaxNode? VisitClassDeclaration(ClassDeclarationSyntax node) => node;

        public override SyntaxNode? VisitStructDeclaration(StructDeclarationSyntax node) => node;

        public override SyntaxNode? VisitRecordDeclaration(RecordDeclarationSyntax node) => node;

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

        // No trivia of its own: everything stays on its line.
        static BlockSyntax WithCheck(StatementSyntax body) =>
            Block(Token(SyntaxKind.OpenBraceToken), List([check, body]), Token(SyntaxKind.CloseBraceToken));
    }
}
