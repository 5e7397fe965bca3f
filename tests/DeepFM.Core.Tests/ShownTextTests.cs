namespace DeepFM.Core.Tests;

/// <summary>What data hold must not act on a terminal, hide, or fill the screen; and one is one.</summary>
public class ShownTextTests
{
    [Theory]
    [InlineData("plain ~ text", "plain ~ text"), InlineData("Zürich 東京 🙂", "Zürich 東京 🙂"), InlineData("می‌خواهم", "می‌خواهم")]
    [InlineData("\u001b[31mred", @"\x1b[31mred"), InlineData("a\0b", @"a\0b"), InlineData("a\tb\r\n", @"a\tb\r\n")]
    [InlineData("\u009b2J", @"\x9b2J"), InlineData("\u007f", @"\x7f")]
    [InlineData("\u202eevil", @"\u202eevil"), InlineData("\uFEFFid", @"\ufeffid"), InlineData("a\u2028b", @"a\u2028b")]
    public void WhatActsOnATerminal_IsWrittenOut(string text, string shown) => Assert.Equal(shown, ShownText.Of(text));

    [Fact]
    public void AMessageKeepsItsLines() => Assert.Equal("a\nb\\x1b\n", ShownText.Lines("a\nb\u001b\n"));

    [Theory]
    [InlineData("abcd", 4, "abcd"), InlineData("abcde", 4, "abcd…"), InlineData("ab🙂d", 3, "ab…"), InlineData("a\0\0\0", 2, @"a\0…")]
    public void LongTextIsCut_NeverWithinACharacter(string text, int length, string shown) => Assert.Equal(shown, ShownText.Short(text, length));

    [Theory]
    [InlineData(0, "0 rows"), InlineData(1, "1 row"), InlineData(2, "2 rows"), InlineData(1234567, "1,234,567 rows")]
    public void Counts(long count, string text) => Assert.Equal(text, Counted.Of(count, "row"));

    [Fact]
    public void Counts_OfIrregularNouns() => Assert.Equal("2 entries", Counted.Of(2, "entry", "entries"));
}
