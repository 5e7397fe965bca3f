using DeepFM.Numerics;
using DeepFM.Training;

namespace DeepFM.Core.Tests;

public unsafe class OneWeightKernelTests
{
    const int Features = 37;

    [Fact]
    public void Accumulate_SumsInOrder_AndListsEachTouchedRowOnce()
    {
        Random random = new(1);
        foreach (int count in new[] { 1, 2, 15, 16, 17, 200 })
        {
            using Guarded table = new(NewTable());
            int[] ids = [.. Enumerable.Range(0, count).Select(_ => random.Next(Features))];
            float[] gradients = Draw.Floats(count, seed: count);
            int[] touched = new int[count + 1];

            int touchedCount;
            fixed (int* id = ids, list = touched)
            fixed (float* gradient = gradients)
            {
                touchedCount = OneWeightKernel.Accumulate(table.Pointer, id, gradient, count, list, touchedCount: 0);
            }

            Assert.Equal(ids.Distinct(), touched.Take(touchedCount));       // in the order of first appearance
            float[] expected = new float[Features];
            for (int b = 0; b < count; b++) { expected[ids[b]] += gradients[b]; }
            float[] rows = table.Read();
            for (int id = 0; id < Features; id++)
            {
                Assert.Equal(expected[id], rows[id * OneWeightKernel.Stride + OneWeightKernel.Gradient]);
            }
        }
    }

    [Fact]
    public void ARowWhoseGradientsCancel_IsTouchedOnce()
    {
        using Guarded table = new(NewTable());
        int[] touched = new int[8];
        int count = 0;
        fixed (int* list = touched)
        {
            foreach (float gradient in new[] { -0f, 0.5f, -0.5f, -0f, 0f })
            {
                count = OneWeightKernel.Add(table.Pointer, 3, gradient, list, count);
            }
        }
        Assert.Equal([3], touched.Take(count));
    }

    [Theory]
    [InlineData(OptimizerKind.Adam), InlineData(OptimizerKind.Ftrl), InlineData(OptimizerKind.Adagrad), InlineData(OptimizerKind.Sgd)]
    public void Step_IsTheRowsStepOfTheGeneralKernel_AndUntouchesTheRow(OptimizerKind kind)
    {
        const int stride = 3;                       // of the general kernel's rows: [weight | state 1 | state 2]
        float[] weights = Draw.Floats(Features, seed: 1), states = NewTable(), rows = new float[Features * stride];
        for (int id = 0; id < Features; id++)
        {
            states[id * OneWeightKernel.Stride] = 0.1f * id;                // states of squares are never negative
            states[id * OneWeightKernel.Stride + 1] = 0.2f * id;
            rows[id * stride] = weights[id];
            states.AsSpan(id * OneWeightKernel.Stride, 2).CopyTo(rows.AsSpan(id * stride + 1));
        }
        OptimizerStep step = OptimizerStep.Of(new() { Optimizer = kind, FtrlL1 = 0.01f, FtrlL2 = 0.1f }, 0.05f, step: 3);
        using Guarded weight = new(weights), given = new(weights), state = new(states), stateOfGiven = new(states), general = new(rows);
        int[] touched = [5, 0, 36, 7];
        float[] gradients = [0.3f, -0.2f, 0.1f, 0f], l2 = [0.01f];
        fixed (int* ids = touched)
        fixed (float* gradient = gradients, decay = l2)
        {
            int[] listed = new int[touched.Length + 1];
            fixed (int* list = listed)
            {
                int count = OneWeightKernel.Accumulate(state.Pointer, ids, gradient, touched.Length, list, touchedCount: 0);
                OneWeightKernel.Step(kind, weight.Pointer, state.Pointer, list, count, l2[0], step);
            }
            OneWeightKernel.Step(kind, given.Pointer, stateOfGiven.Pointer, ids, touched.Length, gradient, 1, l2[0], step);
            Kernels.Current.StepRows(kind, general.Pointer, stride, 1, ids, touched.Length, gradient, 1, decay, step);
        }
        float[] expected = general.Read();
        foreach ((float[] w, float[] s) in new[] { (weight.Read(), state.Read()), (given.Read(), stateOfGiven.Read()) })
        {
            for (int id = 0; id < Features; id++)
            {
                int at = id * OneWeightKernel.Stride;
                Assert.Equal(expected.AsSpan(id * stride, stride).ToArray(), new[] { w[id], s[at], s[at + 1] });
                Assert.True(float.IsNegative(s[at + OneWeightKernel.Gradient]));        // the mark of an untouched row
            }
        }
    }

    static float[] NewTable()
    {
        float[] table = new float[Features * OneWeightKernel.Stride];
        for (int id = 0; id < Features; id++) { table[id * OneWeightKernel.Stride + OneWeightKernel.Gradient] = -0f; }
        return table;
    }
}
