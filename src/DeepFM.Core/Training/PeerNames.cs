namespace DeepFM.Training;

/// <summary>What other kits call the options: FuxiCTR, DeepCTR, RecBole, libFM, xLearn, Keras, PyTorch, scikit-learn.</summary>
static class PeerNames
{
    // The kit's name, and theirs without capitals, underscores and hyphens.
    static readonly (string Own, string[] Theirs)[] All =
    [
        ("embeddingSize", ["embeddingdim", "embeddim", "embdim", "embedding", "embsize", "dim", "k", "factors", "nfactors", "numfactors", "latentdim"]),
        ("hiddenWidths", ["hiddenunits", "dnnhiddenunits", "mlphiddenunits", "mlphiddensize", "hiddensize", "hiddensizes", "hidden", "hiddenlayers",
            "hiddenlayersizes", "hiddendims", "layers", "deeplayers", "mlpdims", "mlp", "units"]),
        ("activation", ["hiddenactivations", "dnnactivation", "mlpactivation", "activationfn", "activationfunction"]),
        ("dropRate", ["dropout", "dropoutrate", "netdropout", "dnndropout", "mlpdropout", "dropoutprob", "dropoutp", "droprate", "pdrop"]),
        ("dropRate, which is 1 less the share that is kept", ["keepprob", "keeprate", "keepprobability"]),
        ("batchNorm", ["usebn", "bn", "dnnusebn", "batchnormalization", "usebatchnorm"]),
        ("embeddingDeviation", ["initstd", "initstdev", "embeddingstd", "embeddinginit", "stddev", "initrange"]),
        ("weightInit", ["init", "initializer", "kernelinitializer"]),
        ("optimizer", ["optim", "opt", "solver", "learner", "trainer"]),
        ("learningRate", ["lr", "learnrate", "alpha", "eta", "eta0", "stepsize", "initlr"]),
        ("adamBeta1", ["beta1"]),
        ("adamBeta2", ["beta2"]),
        ("epsilon", ["eps", "adamepsilon"]),
        ("ftrlL1", ["l1", "l1reg"]),
        ("embeddingL2, linearL2 or networkL2", ["l2", "l2reg", "reg", "regweight", "regularization", "lambda", "weightdecay", "wd", "l2regularization"]),
        ("embeddingL2", ["embeddingregularizer", "l2regembedding", "embeddingl2reg"]),
        ("linearL2", ["l2reglinear", "linearl2reg"]),
        ("networkL2", ["netregularizer", "l2regdnn", "kernelregularizer"]),
        ("clipNorm", ["maxgradientnorm", "maxgradnorm", "maxnorm", "clip", "clipgrad", "clipgradnorm", "clipnorm", "gradientclipnorm", "gradclip"]),
        ("batchSize", ["batchsize", "trainbatchsize", "bs", "batch", "minibatch"]),
        ("epochs", ["epoch", "nepochs", "numepochs", "maxepochs", "nbepoch", "iter", "niter", "maxiter", "iterations"]),
        ("patience", ["earlystoppatience", "earlystoppingpatience", "earlystopping", "earlystop", "stoppingstep"]),
        ("monitor", ["metric", "metrics", "evalmetric", "validmetric", "earlystopmetric"]),
        ("learningRateCut", ["lrdecay", "reducelr", "reducelronplateau", "lrfactor", "decay", "gamma"]),
        ("minLearningRate", ["minlr"]),
        ("pretrainEpochs", ["pretrain", "pretrainingepochs"]),
        ("batchNormMomentum", ["bnmomentum"]),
        ("batchNormEpsilon", ["bneps", "bnepsilon"]),
        ("groupField", ["group", "groupid", "groupby", "userfield", "useridfield"]),
    ];

    /// <summary>What the kit calls an option: one name, or several with words between; null for a name that none of them uses.</summary>
    /// <param name="name">As a peer writes it, or one of the kit's own in another way of writing.</param>
    /// <param name="own">The kit's names.</param>
    public static string? Find(string name, IEnumerable<string> own)
    {
        string plain = Plain(name);
        return own.FirstOrDefault(key => Plain(key) == plain) ?? Array.Find(All, entry => entry.Theirs.Contains(plain)).Own;
    }

    /// <summary>The kit's names that the table leads to; a test holds them to those that there are.</summary>
    internal static IEnumerable<string> Targets => All.Select(entry => entry.Own);

    static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
