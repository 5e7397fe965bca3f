using System.CommandLine;
using System.Globalization;

namespace DeepFM.Cli.Tests;

/// <summary>A temporary folder with a small generated data set, and the command run in process on it.</summary>
public sealed class Workspace : IDisposable
{
    /// <summary>Small enough for a blink, large enough that every part of a model is there.</summary>
    public const string SmallModel = "embeddingSize=3 hiddenWidths=8 epochs=2 batchSize=64 pretrainEpochs=1";

    const string SchemaJson = """
        {
          "name": "shop",
          "source": { "format": "csv", "header": true },
          "label": { "column": "click", "positive": ["1"], "negative": ["0"] },
          "fields": [
            { "kind": "categorical", "columns": ["user", "item"] },
            { "kind": "value", "column": "price" }
          ]
        }
        """;

    // A command that takes a second more on a busy machine must not print a line more.
    static Workspace() => ProgressView.Clock = new StandingClock();

    public Workspace()
    {
        Write("schema.json", SchemaJson);
        Write("train.csv", Rows(401, seed: 1));
        Write("valid.csv", Rows(101, seed: 2));
        Write("test.csv", Rows(103, seed: 3));
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("deepfm-cli-").FullName;

    public string this[string name] => Path.Combine(Folder, name);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>Arguments separated by blanks; a word like @train.csv is that file of the folder.</summary>
    public Outcome Run(string line)
    {
        string[] args = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.StartsWith('@') ? this[word[1..]] : word)];
        StringWriter output = new(), error = new();
        int code = CommandLine.RunAsync(args, new() { Output = output, Error = error, ProcessTerminationTimeout = null })
            .GetAwaiter().GetResult();
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>Trains on the three files into a directory.</summary>
    public Outcome Train(string directory, string more = "") => Run(
        $"train --schema @schema.json --train @train.csv --valid @valid.csv --test @test.csv --set {SmallModel} "
        + $"--out @{directory} {more}");

    sealed class StandingClock : TimeProvider
    {
        public override long GetTimestamp() => 0;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Rows whose clicks follow user and item, so that there is something to learn.</summary>
    public static string Rows(int count, int seed)
    {
        Random random = new(seed);
        IEnumerable<string> lines = Enumerable.Range(0, count).Select(_ =>
        {
            int user = random.Next(13), item = random.Next(7);
            double logit = (user % 3 - 1) * 1.5 + (item % 2 == 0 ? 1 : -1);
            int click = random.NextDouble() < 1 / (1 + Math.Exp(-logit)) ? 1 : 0;
            return string.Create(CultureInfo.InvariantCulture, $"{click},u{user},i{item},{random.NextDouble():0.###}");
        });
        return string.Join('\n', lines.Prepend("click,user,item,price")) + "\n";
    }
}

/// <summary>What a command left behind.</summary>
public sealed record Outcome(int Code, string Output, string Error);
