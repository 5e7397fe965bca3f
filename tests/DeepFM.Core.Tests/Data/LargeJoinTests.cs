using System.IO.Compression;
using System.Text;

namespace DeepFM.Core.Tests.Data;

/// <summary>A joined table whose bytes an int does not count.</summary>
[Collection(nameof(Alone))]
public class LargeJoinTests
{
    const int Rows = 2200;

    [Fact]
    public void ATableOfMoreThan2GiB_IsJoined()
    {
        Assert.SkipUnless(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes > 8L << 30, "Needs 8 GiB of memory.");
        using TempFolder folder = new();
        Schema schema = Schema.Parse("""
            { "name": "large", "source": { "format": "csv", "columns": ["y", "user"] },
              "label": { "column": "y", "positive": "1", "negative": "0" },
              "fields": [ { "kind": "categorical", "column": "age", "minCount": 1 } ],
              "joins": [ { "file": "users", "on": "user", "key": "id", "source": { "format": "csv", "columns": ["id", "about", "age"] } } ] }
            """);
        byte[] about = Encoding.UTF8.GetBytes(new string('x', 1 << 20));
        using (GZipStream users = new(File.Create(folder["users.gz"]), CompressionLevel.Fastest))
        {
            for (int row = 0; row < Rows; row++)
            {
                users.Write(Encoding.UTF8.GetBytes($"u{row},"));
                users.Write(about);
                users.Write(Encoding.UTF8.GetBytes($",{row % 100}\n"));
            }
        }
        using DataSplits data = Small.Load(schema, folder.Write("a.csv", $"1,u7\n0,u{Rows - 1}\n1,u{Rows}\n"));
        Assert.Equal(["7", "99", "(missing)"],
            Enumerable.Range(0, 3).Select(row => data.Features.Describe(data.Train.Ids(row)[0]).Value));
    }
}
