using DeepFM.Research.Generation;
using DeepFM.Research.Reporting;

namespace DeepFM.Research.Tests.Generation;

/// <summary>The charts that notebooks begin with: they show what the rows were made with.</summary>
public sealed class StoreFigureTests
{
    static readonly int[] meals = [11, 12, 13, 18, 19, 20], others = [8, 9, 10, 14, 15, 16, 21, 22];
    static readonly AppStore store = new(new() { TrainRows = 100_000, TestRows = 5_000, UserCount = 1_000, AppCount = 200 });

    [Fact]
    public void FoodByHour_IsHigherAtMealTimes_AndTheOthersAreNot()
    {
        Panel panel = Assert.Single(StoreFigures.FoodByHour(store).Panels);
        Series food = panel.Series[0], rest = panel.Series[1];
        Assert.Equal(("food delivery", "all other categories"), (food.Name, rest.Name));
        Assert.InRange(MealTimes(food) / OtherTimes(food), 1.5, 4);
        Assert.InRange(MealTimes(rest) / OtherTimes(rest), 0.8, 1.25);

        // The places are the hours, and the values the counts of the rows themselves.
        ClickRate noon = store.ClickRates("category", "hour").Single(rate => rate.Values[0] == "food-delivery" && rate.Values[1] == "12");
        Assert.Equal("12", panel.X.Categories![12]);
        Assert.Equal(noon.Rate, food.Y[12]!.Value, 1e-12);
        Assert.Equal(Math.Sqrt(noon.Rate * (1 - noon.Rate) / noon.Rows), food.Deviations![12]!.Value, 1e-12);

        static double MealTimes(Series series) => meals.Average(hour => series.Y[hour]!.Value);
        static double OtherTimes(Series series) => others.Average(hour => series.Y[hour]!.Value);
    }

    [Fact]
    public void ShootersByAge_AreHighestForMaleTeenagers()
    {
        Figure figure = StoreFigures.ShootersByAge(store);
        Series Of(int panel, string gender) => figure.Panels[panel].Series.Single(series => series.Name == gender);
        Assert.Equal("13-17", figure.Panels[0].X.Categories![0]);
        Assert.Equal(0, figure.Panels[0].Series.SelectMany(series => series.Y.Select((rate, age) => (series.Name, age, rate)))
            .MaxBy(point => point.rate).age);

        double boys = Of(0, "male").Y[0]!.Value, girls = Of(0, "female").Y[0]!.Value, men = Of(0, "male").Y.Skip(1).Average()!.Value;
        Assert.True(boys > 1.5 * girls && boys > 1.5 * men, $"{boys} {girls} {men}");
        double boysElsewhere = Of(1, "male").Y[0]!.Value, menElsewhere = Of(1, "male").Y.Skip(1).Average()!.Value;
        Assert.InRange(boysElsewhere / menElsewhere, 0.6, 1.4);
    }

    [Fact]
    public void Orders_AreThoseOfTheDescription()
    {
        AppStoreDescription description = store.Describe(5_000);
        Figure figure = StoreFigures.Orders(description);
        Assert.Equal(1, figure.Panels[0].Series[0].Y.Sum()!.Value, 1e-9);
        Assert.Equal(description.ShareOf(LogitPart.Order2), figure.Panels[0].Series[0].Y[1]);
        Assert.Equal(description.AucByOrder, figure.Panels[1].Series[0].Y.Select(auc => auc!.Value));
    }

    [Fact]
    public void AllAreDrawn()
    {
        Figure[] figures = [StoreFigures.FoodByHour(store), StoreFigures.ShootersByAge(store), StoreFigures.Orders(store.Describe(1_000)),
            StoreFigures.LongTail("user", [30, 10, 5, 1])];
        Assert.All(figures, figure =>
        {
            string svg = FigureSvg.ToSvg(figure);
            Assert.Contains("<svg", svg, StringComparison.Ordinal);
            Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
        });
    }
}
