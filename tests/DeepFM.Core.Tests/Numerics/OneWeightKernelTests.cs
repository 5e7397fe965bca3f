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
        float[] start = NewTable();
        for (int id = 0; id < Features; id++)
        {
            Draw.Floats(1, seed: id).CopyTo(start.AsSpan(id * OneWeightKernel.Stride));
            start[id * OneWeightKernel.Stride + 1] = 0.1f * id;             // states of squares are never negative
            start[id * OneWeightKernel.Stride + 2] = 0.2f * id;
        }
        OptimizerStep step = OptimizerStep.Of(new() { Optimizer = kind, FtrlL1 = 0.01f, FtrlL2 = 0.1f }, 0.05f, step: 3);
        using Guarded table = new(start), general = new(start);
        int[] touched = [5, 0, 36, 7];
        float[] gradients = [0.3f, -0.2f, 0.1f, 0f], l2 = [0.01f];
        fixed (int* ids = touched)
        fixed (float* gradient = gradients, decay = l2)
        {
            int[] listed = new int[touched.Length + 1];
            fixed (int* list = listed)
            {
                int count = OneWeightKernel.Accumulate(table.Pointer, ids, gradient, touched.Length, list, touchedCount: 0);
                OneWeightKernel.Step(kind, table.Pointer, list, count, l2[0], step);
            }
            Kernels.Current.StepRows(kind, general.Pointer, OneWeightKernel.Stride, 1, ids, touched.Length, gradient, 1, decay, step);
        }
        Assert.Equal(general.Read(), table.Read());                        // −0 equals 0: the mark is set again
        for (int id = 0; id < Features; id++)
        {
            Assert.True(float.IsNegative(table.Pointer[id * OneWeightKernel.Stride + OneWeightKernel.Gradient]));
        }
    }

    static float[] NewTable()
    {
        float[] table = new float[Features * OneWeightKernel.Stride];
        for (int id = 0; id < Features; id++) { table[id * OneWeightKernel.Stride + OneWeightKernel.Gradient] = -0f; }
        return table;
    }
}
