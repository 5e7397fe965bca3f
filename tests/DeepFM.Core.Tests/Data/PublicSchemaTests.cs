namespace DeepFM.Core.Tests.Data;

/// <summary>Schemas of public data that is not at hand: they read rows written in the published form of the files.</summary>
public sealed class PublicSchemaTests : IDisposable
{
    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Avazu_TakesHourWeekdayAndWeekendFromTheHour_AndSplitsByIt()
    {
        const string header = "id,click,hour,C1,banner_pos,site_id,site_domain,site_category,app_id,app_domain,app_category,"
            + "device_id,device_ip,device_model,device_type,device_conn_type,C14,C15,C16,C17,C18,C19,C20,C21\n";
        // 25 October 2014 was a Saturday.
        string[] hours =
        [
            "14102100", "14102100", "14102113", "14102113", "14102513", "14102513", "14102513", "14102513", "14102600", "14102600",
        ];
        const string ids = "1005,0,1fbe01fe,f3845767,28905ebd,ecad2386,7801e8d9,07d7df22,a99f214a,ddd2926e,44956a24,1,2,"
            + "15706,320,50,1722,0,35,-1,79";
        string rows = string.Concat(hours.Select((hour, row) => $"{10_000 + row},{row % 2},{hour},{ids}\n"));
        string file = folder.WriteGzip("train.gz", header + rows);

        using DataSplits data = DataLoader.Load(new()
        {
            Schema = RealData.Schema("avazu"),
            TrainFiles = [file],
            Split = Split.Parse("time:0.8,0.2"),
        });

        Assert.Equal((8, 2, 24), (data.Train.RowCount, data.Test!.RowCount, data.Train.FieldCount));
        string[] Values(int row) => [.. data.Train.Ids(row)[..3].ToArray().Select(id => data.Features.Describe(id).Value!)];
        Assert.Equal(["0:00", "Tuesday", "working day"], Values(0));
        Assert.Equal(["13:00", "Saturday", "weekend"], Values(7));
    }

    [Fact]
    public void MovieLensLatest_ReadsItsColumns_WithLabelsAsNumbersOrAsDecimals()
    {
        string train = folder.Write("train.csv", "label,user_id,item_id,tag_id\n1,505,1042,3\n0,505,7,3\n0.0,6,7,4\n1.0,6,1042,4\n");
        using DataSplits data = DataLoader.Load(new() { Schema = RealData.Schema("movielens-latest"), TrainFiles = [train] });

        Assert.Equal([1f, 0, 0, 1], data.Train.Labels.ToArray());
        Assert.Equal(3 + 6, data.Features.FeatureCount);            // an id for unseen values in each field
    }
}
