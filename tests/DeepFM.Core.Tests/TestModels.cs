using DeepFM.Models;

namespace DeepFM.Core.Tests;

/// <summary>The models of the paper and of its extended version by name.</summary>
static class TestModels
{
    static readonly Dictionary<string, Func<ModelOptions, CtrModel>> ByName = new()
    {
        ["lr"] = options => new LrModel(options),
        ["fm"] = options => new FmModel(options),
        ["fnn"] = options => new FnnModel(options),
        ["ipnn"] = options => new IpnnModel(options),
        ["opnn"] = options => new OpnnModel(options),
        ["pnn-star"] = options => new PnnStarModel(options),
        ["lr-dnn"] = options => new LrDnnModel(options),
        ["fm-dnn"] = options => new FmDnnModel(options),
        ["deepfm"] = options => new DeepFmModel(options),
        ["dnn"] = options => new DnnModel(options),
        ["deepfm-ip"] = options => new DeepFmInnerModel(options),
        ["deepfm-op"] = options => new DeepFmOuterModel(options),
        ["deepfm-star"] = options => new DeepFmStarModel(options),
    };

    public static TheoryData<string> Names => [.. ByName.Keys];

    public static CtrModel Named(string name, ModelOptions options) => ByName[name](options);
}
