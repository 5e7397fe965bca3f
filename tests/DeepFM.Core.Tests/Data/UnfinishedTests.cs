using DeepFM.Training;

namespace DeepFM.Core.Tests.Data;

/// <summary>What killed processes leave is removed by the next that writes there; what a living one writes is not.</summary>
public sealed class UnfinishedTests : IDisposable
{
    const string Left = ".0abcdefg.h12.tmp";        // as names beside a path are

    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AFile_IsWrittenWholeOrNotAtAll_OverAnEmptyOneToo()
    {
        string file = folder.Write("scores.csv", "");
        Assert.Throws<IOException>(() => AtomicFile.Write(file, stream =>
        {
            stream.Write(new byte[1 << 20]);
            stream.Flush();
            Assert.Equal(0, new FileInfo(file).Length);
            throw new IOException("The disk is full.");
        }));
        Assert.Equal((0L, "scores.csv"), (new FileInfo(file).Length, Assert.Single(folder.Names)));

        AtomicFile.Write(file, stream => stream.Write("new"u8));
        Assert.Equal(("new", "scores.csv"), (File.ReadAllText(file), Assert.Single(folder.Names)));
    }

    [Fact]
    public void ALink_StaysOne_AlsoWhereItsFileIsNotThereYet()
    {
        File.CreateSymbolicLink(folder["link"], folder["target"]);
        AtomicFile.Write(folder["link"], stream => stream.Write("1"u8));
        AtomicFile.Write(folder["link"], stream => stream.Write("22"u8));
        Assert.Equal(("22", folder["target"]), (File.ReadAllText(folder["target"]), new FileInfo(folder["link"]).LinkTarget));
    }

    [Fact]
    public void WhoWritesAFile_RemovesWhatAKilledWriterLeftOfIt()
    {
        folder.Write($"scores.csv{Left}", "half");
        string other = folder.Write($"other.csv{Left}", "half"), own = folder.Write("scores.csv.tmp", "the user's");
        AtomicFile.Write(folder["scores.csv"], stream => stream.Write("whole"u8));
        Assert.Equal([Path.GetFileName(other), "scores.csv", Path.GetFileName(own)], folder.Names);
    }

    [Fact]
    public void WhatALivingWriterHas_Stays()
    {
        AtomicFile.Write(folder["scores.csv"], first =>
        {
            first.Write("first"u8);
            Unfinished.Sweep(folder[""]);
            AtomicFile.Write(folder["scores.csv"], second => second.Write("second"u8));
            Assert.Equal("second", File.ReadAllText(folder["scores.csv"]));
        });
        Assert.Equal("first", File.ReadAllText(folder["scores.csv"]));
        Assert.Equal(["scores.csv"], folder.Names);
    }

    [Fact]
    public void WhoTakesAFolder_RemovesWhatAKilledProcessLeftThere()
    {
        folder.Write($"train.safetensors{Left}", "half");
        Directory.CreateDirectory(folder[$"model{Left}"]);
        folder.Write($"model{Left}/.lock", "");
        folder.Write($"model{Left}/weights.safetensors", "half");
        folder.Write(".lock", "");
        using (FolderLock held = new(folder[""]))
        {
            Assert.True(held.WasLeft);
            Assert.Equal([".lock"], folder.Names);
            Assert.Throws<UserErrorException>(() => new FolderLock(folder[""]));
        }
        Assert.Empty(folder.Names);
        using FolderLock again = new(folder[""]);
        Assert.False(again.WasLeft);
    }

    /// <summary>A folder that is being replaced is away for a moment; a kill in that moment must not lose it.</summary>
    [Fact]
    public void AFolderThatWasBeingReplaced_ComesBack()
    {
        Directory.CreateDirectory(folder[$"model{Left}"]);
        Directory.CreateDirectory(folder[$"model{Left}.old"]);
        folder.Write($"model{Left}.old/weights.safetensors", "old");
        Unfinished.Sweep(folder[""]);
        Assert.Equal("old", File.ReadAllText(folder["model/weights.safetensors"]));
        Assert.Equal(["model"], Directory.GetFileSystemEntries(folder[""]).Select(path => Path.GetFileName(path)));

        Directory.CreateDirectory(folder[$"model{Left}.old"]);
        Unfinished.Sweep(folder[""]);
        Assert.Equal(["model"], Directory.GetFileSystemEntries(folder[""]).Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public void AFolderThatCannotTakeItsPlace_LeavesTheOneThatStandsThere()
    {
        string target = folder["model"];
        Directory.CreateDirectory(target);
        File.WriteAllText(Path.Combine(target, "a"), "1");
        using (BesideFolder made = new(target))
        {
            Directory.Delete(made.Path, recursive: true);
            Assert.ThrowsAny<IOException>(made.Commit);
        }
        Assert.Equal("1", File.ReadAllText(Path.Combine(target, "a")));
        Assert.Equal(["model"], Directory.EnumerateFileSystemEntries(folder[""]).Select(Path.GetFileName));
    }

    [Fact]
    public void AFolder_AppearsWhole_AndTellsUntilItIsFinished()
    {
        folder.Write("model.txt", "");
        using (BesideFolder made = new(folder["model"]))
        {
            File.WriteAllText(Path.Combine(made.Path, "a"), "1");
            Unfinished.Sweep(folder[""]);
            Assert.False(Directory.Exists(folder["model"]));
            made.Commit();
            Assert.True(BesideFolder.IsUnfinished(folder["model"]));
            made.Finish();
        }
        Assert.False(BesideFolder.IsUnfinished(folder["model"]));
        Assert.Equal(["a", "model.txt"], folder.Names);

        using (BesideFolder given = new(folder["model"])) { File.WriteAllText(Path.Combine(given.Path, "b"), "2"); }
        Assert.Equal(["a", "model.txt"], folder.Names);
        using (BesideFolder other = new(folder["model"]))
        {
            File.WriteAllText(Path.Combine(other.Path, "b"), "2");
            other.Commit();
        }
        Assert.True(BesideFolder.IsUnfinished(folder["model"]));
        Assert.Equal([".lock", "b", "model.txt"], folder.Names);
    }

    /// <summary>While rows are encoded, their pieces have no name that a kill could leave behind; the file itself has one.</summary>
    [Fact]
    public void EncodedRows_LeaveOneNameAtMost_WhileTheyAreWritten()
    {
        if (OperatingSystem.IsWindows()) { Assert.Skip("A file without a name is not known on Windows; there, the system removes it."); }
        EncodedField[] fields = [new("a", FieldShape.OneId, 0, 3), new("b", FieldShape.Bag, 3, 4), new("v", FieldShape.Value, 7, 1)];
        using (EncodedDataWriter writer = new(folder["rows.safetensors"], fields))
        {
            Assert.Single(folder.Names);
            writer.Commit();
        }
        Assert.Equal(["rows.safetensors"], folder.Names);
    }

    [Fact]
    public void EncodedFolder_IsSwept_WhenRowsAreEncodedThereAgain()
    {
        string file = folder.Write("rows.csv", "1,a\n0,a\n1,b\n0,b\n");
        Directory.CreateDirectory(folder["encoded"]);
        folder.Write($"encoded/test.safetensors{Left}", "half");
        using DataSplits data = DataLoader.Load(new() { Schema = Small.OfX("\"kind\": \"categorical\""), TrainFiles = [file], EncodedFolder = folder["encoded"] });
        Assert.Equal(["train.safetensors"], Directory.GetFiles(folder["encoded"]).Select(path => Path.GetFileName(path)));
    }

    /// <summary>Who cut such a file while it is mapped would end the process. It is made anew all the same.</summary>
    [Fact]
    public void EncodedFiles_MayNotBeWrittenTo_AndAreMadeAnew()
    {
        if (OperatingSystem.IsWindows()) { Assert.Skip("Windows lets nobody cut a mapped file."); }
        DataRequest request = new()
        {
            Schema = Small.OfX("\"kind\": \"categorical\""),
            TrainFiles = [folder.Write("rows.csv", "1,a\n0,a\n1,b\n0,b\n")],
            EncodedFolder = folder["encoded"],
        };
        using DataSplits first = DataLoader.Load(request), second = DataLoader.Load(request);
        const UnixFileMode write = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        Assert.Equal(UnixFileMode.None, new FileInfo(folder["encoded/train.safetensors"]).UnixFileMode & write);
        Assert.Equal(Rows.Dump(first.Train), Rows.Dump(second.Train));
    }

    /// <summary>A kill after the model has its place, before the report has: the same run can be made again.</summary>
    [Fact]
    public void AModelWithoutItsReport_IsInNobodysWay_WhenItsRunWasKilled()
    {
        string file = folder.Write("rows.csv", "1,a\n0,a\n1,b\n0,b\n");
        using DataSplits data = Small.Load(Small.OfX("\"kind\": \"categorical\""), file);
        string run = folder["run"], model = folder["run/model"];
        RunReport Train() => TrainingRun.Execute(RunSettings.Default("lr").With("epochs=1"), data, 1, 1, run, RunOutputs.Model,
            cancel: TestContext.Current.CancellationToken);
        Train();
        Assert.Equal(["model", "report.json"], Directory.GetFileSystemEntries(run).Select(path => Path.GetFileName(path)).Order());
        Assert.Throws<UserErrorException>(() => TrainingRun.RequireFree(run, replace: false));

        File.Delete(Path.Combine(run, TrainingRun.ReportName));
        Assert.Equal($"{model} is there already. Choose another --out, or give --force to replace that run.",
            Assert.Throws<UserErrorException>(() => TrainingRun.RequireFree(run, replace: false)).Message);

        File.WriteAllText(Path.Combine(model, ".lock"), "");
        TrainingRun.RequireFree(run, replace: false);
        Train();
        Assert.False(File.Exists(Path.Combine(model, ".lock")));
    }

    /// <summary>The report cannot be written: the model stays, and is known to be without it.</summary>
    [Fact]
    public void AReportThatCannotBeWritten_LeavesAnUnfinishedRun()
    {
        string file = folder.Write("rows.csv", "1,a\n0,a\n1,b\n0,b\n");
        using DataSplits data = Small.Load(Small.OfX("\"kind\": \"categorical\""), file);
        string run = folder["run"];
        Directory.CreateDirectory(Path.Combine(run, "scores.safetensors", "in-the-way"));
        Assert.ThrowsAny<Exception>(() => TrainingRun.Execute(RunSettings.Default("lr").With("epochs=1"), data, 1, 1, run, RunOutputs.Model,
            cancel: TestContext.Current.CancellationToken));
        TrainingRun.RequireFree(run, replace: false);
    }

    /// <summary>The folder went away under the one who had it, and another has the new one.</summary>
    [Fact]
    public void ALock_WhoseFolderIsGone_LeavesThatOfAnother()
    {
        if (OperatingSystem.IsWindows()) { Assert.Skip("A folder with an open file cannot be removed on Windows."); }
        FolderLock first = new(folder["out"]);
        Directory.Delete(folder["out"], recursive: true);
        using FolderLock second = new(folder["out"]);
        first.Dispose();
        Assert.Throws<UserErrorException>(() => new FolderLock(folder["out"]));
    }

    /// <summary>Files in memory are files: only what cannot be renamed over is written straight.</summary>
    [Theory]
    [InlineData("/dev/stdout", true), InlineData("/dev/fd/3", true), InlineData("/proc/self/fd/1", true), InlineData("/dev/null", true)]
    [InlineData("/dev/shm/scores.csv", false), InlineData("/dev/shm", false)]
    public void WhatIsWrittenStraight(string path, bool isStream)
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("These are names of Linux."); }
        Assert.Equal(isStream, AtomicFile.IsStream(path));
    }

    [Fact]
    public void ALock_ThatWasGivenUpMeanwhile_IsNotTaken_ForAnotherFile()
    {
        string path = folder["x.lock"];
        using (LockFile held = LockFile.TryTake(path)!) { Assert.Null(LockFile.TryTake(path)); }
        Assert.False(File.Exists(path));
        using LockFile next = LockFile.TryTake(path)!;
        Assert.False(next.WasLeft);
        next.Leave();
        using LockFile last = LockFile.TryTake(path)!;
        Assert.True(last.WasLeft);
    }
}
