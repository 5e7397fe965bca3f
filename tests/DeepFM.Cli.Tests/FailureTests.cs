using System.CommandLine;
using System.Globalization;

namespace DeepFM.Cli.Tests;

/// <summary>A failure that nobody foresaw: a sentence and how to report it; the stack for those who ask.</summary>
public sealed class FailureTests
{
    [Fact]
    public async Task AFaultOfTheKit_IsASentence_AndHowToReportIt()
    {
        Command command = new("fails");
        command.SetBody((_, _) => throw new InvalidOperationException("No luck\ntoday."));
        StringWriter error = new() { NewLine = "\n" };

        int code = await command.Parse([]).InvokeAsync(new() { Error = error }, TestContext.Current.CancellationToken);

        Assert.Equal((1, "This should not have happened, and is a fault of the kit: InvalidOperationException: No luck today.\n"
            + "Please report it with the command line and what it says with DEEPFM_TRACE=1 before it.\n"),
            (code, error.ToString().ReplaceLineEndings("\n")));
    }

    [Fact]
    public void WithTheVariable_TheStackFollows()
    {
        Exception bug = Record.Exception(() => int.Parse("no number", CultureInfo.InvariantCulture))!;
        Assert.Contains("at System.Int32.Parse", CommandLine.OfBug(bug, traced: true), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatWasStopped_SaysHowToGoOn()
    {
        Command command = new("stops");
        command.SetBody((_, _) => throw new OperationCanceledException(), whenStopped: "The same command goes on.");
        StringWriter error = new();
        Assert.Equal(130, await command.Parse([]).InvokeAsync(new() { Error = error }, TestContext.Current.CancellationToken));
        Assert.Equal("Stopped. Nothing was written for the run in progress.\nThe same command goes on.\n",
            error.ToString().ReplaceLineEndings("\n"));
    }

    // Of the kit itself, not of what the user gave: nobody can do anything about "Value cannot be null".
    [Fact]
    public async Task NothingWhereAValueMustBe_IsAFaultOfTheKit()
    {
        Command command = new("fails");
        command.SetBody((_, _) => throw new ArgumentNullException("source"));
        StringWriter error = new();
        Assert.Equal(1, await command.Parse([]).InvokeAsync(new() { Error = error }, TestContext.Current.CancellationToken));
        Assert.StartsWith("This should not have happened", error.ToString(), StringComparison.Ordinal);
    }
}
