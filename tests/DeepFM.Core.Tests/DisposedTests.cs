using System.Reflection;
using System.Reflection.Emit;
using DeepFM.Core.Tests.Data;
using DeepFM.Models;
using DeepFM.Numerics;
using DeepFM.Training;

namespace DeepFM.Core.Tests;

/// <summary>What was disposed of throws <see cref="ObjectDisposedException"/> from every public member, and never crashes.</summary>
public class DisposedTests
{
    // What is known of a thing once it is gone, and does not touch its memory; all other members must throw.
    static readonly HashSet<string> Readable =
    [
        "EncodedData.Fields", "EncodedData.FieldCount", "EncodedData.FeatureCount", "EncodedData.ValueCount", "EncodedData.RowCount",
        "Engine.Definition", "Engine.Fields", "Engine.Phases", "Engine.Parameters", "EngineParameters.Shapes",
        "NativeBuffer`1.Pointer", "NativeBuffer`1.Length",
        "SafeTensorsFile.Path", "SafeTensorsFile.Tensors", "SafeTensorsFile.Metadata", "SafeTensorsFile.Contains", "SafeTensorsFile.Item",
        "SafeTensorsWriter.Digest",
        "DataSplits.*", "SavedModel.*", "TrainedModel.*",       // hold others, which throw themselves
        "FolderLock.*",                                         // has no members
    ];

    static readonly EncodedField[] Fields = [new("a", FieldShape.OneId, 0, 3), new("b", FieldShape.OneId, 3, 2)];

    // A thing, what to dispose of, and a folder that it may use; a new disposable type needs a line here.
    static readonly Dictionary<Type, Func<TempFolder, (object Thing, IDisposable Owner)>> Makers = new()
    {
        [typeof(EncodedData)] = _ => Itself(Data()),
        [typeof(Engine)] = _ => Itself(NewEngine()),
        [typeof(EngineParameters)] = _ => NewEngine() is var engine ? (engine.Parameters, engine) : default,
        [typeof(ParameterSnapshot)] = _ => Itself(Snapshot()),
        [typeof(NativeBuffer<>)] = _ => Itself(new NativeBuffer<float>(5)),
        [typeof(SafeTensorsFile)] = folder => Itself(TensorFile(folder)),
        [typeof(SafeTensorsWriter)] = folder => Itself(new SafeTensorsWriter(folder["w"], [new("w", TensorType.F32, [1])])),
        [typeof(TrainedModel)] = _ => Itself(new TrainedModel(NewEngine(), null!, null)),
        [typeof(SavedModel)] = folder => Itself(Saved(folder)),
        [typeof(DataSplits)] = folder => Itself(Splits(folder)),
        [typeof(FolderLock)] = folder => Itself(new FolderLock(folder["lock"])),
    };

    public static TheoryData<string> DisposableTypes =>
    [
        .. typeof(Engine).Assembly.GetExportedTypes().Where(type => typeof(IDisposable).IsAssignableFrom(type)).Select(type => type.Name),
        nameof(EngineParameters),
    ];

    [Theory, MemberData(nameof(DisposableTypes))]
    public void EveryPublicMember_Throws(string typeName)
    {
        using TempFolder folder = new();
        (object thing, IDisposable owner) = Makers[Makers.Keys.Single(type => type.Name == typeName)](folder);
        owner.Dispose();
        owner.Dispose();                                        // twice is fine
        foreach (MethodInfo method in MembersOf(thing.GetType()))
        {
            string name = $"{typeName}.{method.Name.Replace("get_", "", StringComparison.Ordinal).Replace("set_", "", StringComparison.Ordinal)}";
            if (Readable.Contains(name) || Readable.Contains($"{typeName}.*")) { continue; }
            Exception? thrown = Record.Exception(() => Caller(method)(thing));
            Assert.True(thrown is ObjectDisposedException, $"{name} gave {thrown?.ToString() ?? "no exception"}");
        }
        foreach (string readable in Readable.Where(readable => readable.StartsWith($"{typeName}.", StringComparison.Ordinal)))
        {
            string member = readable[(typeName.Length + 1)..];
            Assert.True(member == "*" || thing.GetType().GetMember(member).Length > 0, $"There is no {readable} any more.");
        }
    }

    [Fact]
    public void WhatHoldsOthers_DisposesOfThem()
    {
        using TempFolder folder = new();
        DataSplits splits = Splits(folder);
        splits.Dispose();
        foreach (EncodedData? part in new[] { splits.Train, splits.Valid, splits.Test })
        {
            Assert.Throws<ObjectDisposedException>(() => part!.Ids(0).Length);
        }
        SavedModel saved = Saved(folder);
        saved.Dispose();
        Assert.Throws<ObjectDisposedException>(saved.Engine.Snapshot);
        TrainedModel trained = new(NewEngine(), null!, null);
        trained.Dispose();
        Assert.Throws<ObjectDisposedException>(trained.Engine.Snapshot);
    }

    [Fact]
    public void DisposedArguments_AreRefused()
    {
        EncodedData data = Data();
        data.Dispose();
        using EncodedData rows = Data();
        using Engine engine = NewEngine();
        Engine ended = NewEngine();
        ended.Dispose();
        ParameterSnapshot snapshot = Snapshot();
        snapshot.Dispose();
        Trainer trainer = new(new LrModel(new()), new() { BatchSize = 2 }, seed: 1, threads: 1);

        Assert.All<Action>(
        [
            () => engine.Step(data, [0]),
            () => engine.Gradients(data, [0], new Dictionary<string, float[]>()),
            () => engine.Score(data, 0, new float[1]),
            () => engine.Restore(snapshot),
            () => Evaluation.Evaluate(engine, data),
            () => Evaluation.Evaluate(ended, rows),
            () => Prediction.WriteCsv(ended, [Data()], "/dev/null"),
            () => trainer.Train(data, null, []),
            () => trainer.Train(rows, data, []),
        ], act => Assert.Throws<ObjectDisposedException>(act));
        using Engine fresh = NewEngine();
        Assert.Equal(fresh.Step(rows, [0, 1]), engine.Step(rows, [0, 1]));          // it is as good as new
    }

    [Fact]
    public void TheSnapshotOfAnotherModel_IsRefused()
    {
        using Engine engine = NewEngine();
        using Engine other = new(new FmModel(new()).Build(2), Fields, new(), seed: 1, threads: 1);
        using ParameterSnapshot snapshot = other.Snapshot();
        Assert.Equal("The snapshot is that of another model: it has other parameters.",
            Assert.Throws<ArgumentException>(() => engine.Restore(snapshot)).Message);
    }

    // While one thread trains, another one disposes of rows and engine: the step that is under way ends, the next one throws.
    [Fact]
    public void DisposeWhileAnotherThreadTrains_FreesNothingThatIsInUse()
    {
        for (int round = 0; round < 8; round++)
        {
            EncodedData data = TestData.Random(5, rows: 3000, seed: round);
            using Engine like = new(new DeepFmModel(TestData.SmallModel).Build(5), data.Fields, new(), seed: 1, threads: 2);
            int[] rows = [.. Enumerable.Range(0, data.RowCount)];
            Engine engine = new(like.Definition, data.Fields, new(), seed: 1, threads: 2);
            List<double> losses = [], expected = [];
            for (int step = 0; step < 5; step++) { expected.Add(like.Step(data, rows)); }
            IDisposable disposed = round % 2 == 0 ? data : engine;
            using ManualResetEventSlim begun = new();
            Thread trains = new(() =>
            {
                try
                {
                    while (true)
                    {
                        losses.Add(engine.Step(data, rows));
                        begun.Set();
                    }
                }
                catch (ObjectDisposedException) { }
            });
            trains.Start();
            begun.Wait(TestContext.Current.CancellationToken);
            Thread.SpinWait(5000 * round);
            disposed.Dispose();
            trains.Join();
            int both = Math.Min(losses.Count, expected.Count);
            Assert.Equal(expected[..both], losses[..both]);
            data.Dispose();
            engine.Dispose();
        }
    }

    static (object, IDisposable) Itself(IDisposable thing) => (thing, thing);

    static EncodedData Data() => EncodedData.FromArrays(Fields, [0, 1], [0, 3, 2, 4]);

    static Engine NewEngine() => new(new LrModel(new()).Build(2), Fields, new(), seed: 1, threads: 2);

    static ParameterSnapshot Snapshot()
    {
        using Engine engine = NewEngine();
        return engine.Snapshot();
    }

    static SafeTensorsFile TensorFile(TempFolder folder)
    {
        using (SafeTensorsWriter writer = new(folder["t"], [new("w", TensorType.F32, [1])]))
        {
            writer.Write<float>("w", [1]);
            writer.Commit();
        }
        return SafeTensorsFile.Open(folder["t"]);
    }

    static DataSplits Splits(TempFolder folder)
    {
        string rows = folder.Write("a.csv", "1,a\n0,b\n");
        DataRequest request = new() { Schema = Small.OfX("\"kind\": \"categorical\""), TrainFiles = [rows], ValidFiles = [rows], TestFiles = [rows] };
        return DataLoader.Load(request, cancel: TestContext.Current.CancellationToken);
    }

    static SavedModel Saved(TempFolder folder)
    {
        using DataSplits splits = Splits(folder);
        using Engine engine = new(new LrModel(new()).Build(1), splits.Features.Fields, new(), seed: 1, threads: 1);
        SavedModel.Save(folder["model"], RunSettings.Default("lr"), splits.Features, engine.Parameters);
        return SavedModel.Load(folder["model"], threads: 1);
    }

    static IEnumerable<MethodInfo> MembersOf(Type type) => type.GetMethods()
        .Where(method => !method.IsStatic && method.DeclaringType != typeof(object) && method.GetBaseDefinition().DeclaringType != typeof(object)
            && method.Name is not ("Dispose" or "Equals" or "<Clone>$" or "Deconstruct")
            && !method.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit)));

    // Calls with the default of every argument; reflection's own call takes no spans.
    static Action<object> Caller(MethodInfo method)
    {
        if (method.IsGenericMethodDefinition) { method = method.MakeGenericMethod(typeof(float)); }
        DynamicMethod caller = new(method.Name, null, [typeof(object)], method.DeclaringType!, skipVisibility: true);
        ILGenerator code = caller.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        foreach (ParameterInfo parameter in method.GetParameters())
        {
            if (parameter.ParameterType == typeof(string))
            {
                code.Emit(OpCodes.Ldstr, "w");
                continue;
            }
            LocalBuilder argument = code.DeclareLocal(parameter.ParameterType);
            code.Emit(OpCodes.Ldloca, argument);
            code.Emit(OpCodes.Initobj, parameter.ParameterType);
            code.Emit(OpCodes.Ldloc, argument);
        }
        code.Emit(OpCodes.Callvirt, method);
        if (method.ReturnType != typeof(void)) { code.Emit(OpCodes.Pop); }
        code.Emit(OpCodes.Ret);
        return caller.CreateDelegate<Action<object>>();
    }
}
