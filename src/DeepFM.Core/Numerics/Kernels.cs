using System.Diagnostics;
using System.Runtime.Intrinsics;
using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Numerics;

/// <summary>All kernels at one register width. The width is chosen once, when the process starts.</summary>
/// <remarks>
/// The variable <c>DEEPFM_SIMD</c> (512, 256 or 128) forces a width, if the processor has it. Different widths may
/// differ in the last bits, and so may one width on processors of other widths, which have more or fewer registers.
/// </remarks>
abstract unsafe class Kernels
{
    /// <summary>The name of the variable that forces a width.</summary>
    public const string WidthVariable = "DEEPFM_SIMD";

    /// <summary>
    /// Where the rows of a transposed product are shared out, at multiples of this: rows that the sparse product takes together, whose
    /// sums a cut would change, and whole blocks of the dense one where registers are many.
    /// </summary>
    public const int RowMultiple = 20;

    /// <summary>The kernels of this process.</summary>
    public static Kernels Current { get; } = Choose(Environment.GetEnvironmentVariable(WidthVariable));

    /// <summary>Bits of the widest registers that the processor has; 0 without any.</summary>
    public static int WidestBits => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256
        : Vector128.IsHardwareAccelerated ? 128 : 0;

    /// <summary>Bits of a register.</summary>
    public abstract int Bits { get; }

    /// <inheritdoc cref="MatrixBlock{S, V}.PanelWidth"/>
    public abstract int PanelWidth { get; }

    /// <inheritdoc cref="Panels{S, V}.Count"/>
    public abstract int PanelCount(int columns);

    /// <inheritdoc cref="Panels{S, V}.Of"/>
    public abstract (int First, int Count) Panel(int panel, int columns);

    /// <summary>Floats of scratch that <see cref="MultiplyTransposed"/> and <see cref="MultiplyTransposedSparse"/> need.</summary>
    public abstract int TransposedScratchLength(int rows, int columns);

    /// <summary>The kernels of a width, in bits.</summary>
    /// <exception cref="UserErrorException">The processor does not have it, or there is no such width.</exception>
    public static Kernels Choose(string? width)
    {
        string[] available =
        [
            .. Vector512.IsHardwareAccelerated ? ["512"] : Array.Empty<string>(),
            .. Vector256.IsHardwareAccelerated ? ["256"] : Array.Empty<string>(),
            "128",
        ];
        string chosen = string.IsNullOrEmpty(width) ? available[0] : width;
        if (!available.Contains(chosen))
        {
            throw new UserErrorException(
                $"{WidthVariable} is '{chosen}'; this processor allows {string.Join(", ", available)}. "
                + "Set one of these, or unset the variable.");
        }
        return Of(chosen);
    }

    /// <summary>The kernels of 512, 256 or 128 bits; where the processor lacks the width, they compute each register in halves.</summary>
    public static Kernels Of(string width) => width switch
    {
        "512" => new KernelSet<Simd512, Vector512<float>>(512),
        "256" => new KernelSet<Simd256, Vector256<float>>(256),
        "128" => new KernelSet<Simd128, Vector128<float>>(128),
        _ => throw new UnreachableException(),
    };

    /// <inheritdoc cref="MatrixProduct{S, V}.PackedLength"/>
    public abstract long PackedLength(int depth, int columns);

    /// <inheritdoc cref="MatrixProduct{S, V}.PackPanel"/>
    public abstract void PackPanel(float* b, nint stride, bool transposed, int depth, int columns, int panel,
        float* packed);

    /// <inheritdoc cref="MatrixProduct{S, V}.Multiply"/>
    public abstract void Multiply(float* a, nint aStride, int rows, float* packed, int depth, int columns,
        float* c, nint cStride, bool add);

    /// <inheritdoc cref="MatrixProduct{S, V}.MultiplyTransposed"/>
    public abstract void MultiplyTransposed(float* a, nint aStride, int rows, float* b, nint bStride, int depth,
        int columns, float* c, float* scratch);

    /// <inheritdoc cref="SparseProduct{S, V}.DensityLimit"/>
    public abstract float DensityLimit { get; }

    /// <inheritdoc cref="SparseProduct{S, V}.NonZeros"/>
    public abstract int NonZeros(float* x, nint stride, int rows, int columns, ulong* bits);

    /// <inheritdoc cref="SparseProduct{S, V}.Multiply"/>
    public abstract void MultiplySparse(float* a, nint aStride, ulong* bits, int rows, float* packed, int depth, int columns,
        float* c, nint cStride, bool add);

    /// <summary>The share of elements asked for below which <see cref="MultiplySelected"/> is faster than the whole product.</summary>
    public const float SelectionLimit = 0.5f;

    /// <inheritdoc cref="SelectedProduct{S, V}.Multiply"/>
    public abstract void MultiplySelected(float* a, nint aStride, int rows, float* b, int depth, int columns, ulong* bits, float* c,
        nint cStride);

    /// <inheritdoc cref="SparseProduct{S, V}.MultiplyTransposed"/>
    public abstract void MultiplyTransposedSparse(float* a, nint aStride, ulong* bits, int bitsStride, int firstBit, int rows,
        float* b, nint bStride, int depth, int columns, float* c, float* scratch);

    /// <inheritdoc cref="ActivationKernel{S, V}.Forward"/>
    public abstract void ActivationForward(float* z, float* y, nint stride, int rows, int width, float* scale, float* shift,
        Activation activation, DropoutMask mask, int firstRow);

    /// <inheritdoc cref="ActivationKernel{S, V}.Backward"/>
    public abstract void ActivationBackward(float* gradY, float* y, nint stride, int rows, int width,
        Activation activation, DropoutMask mask, int firstRow, float* biasGradient);

    /// <inheritdoc cref="BatchNormKernel{S, V}.Moments"/>
    public abstract void Moments(float* z, nint stride, int rows, int width, float* mean, float* squares);

    /// <inheritdoc cref="BatchNormKernel{S, V}.GradientSums"/>
    public abstract void NormGradientSums(float* gradY, float* y, float* z, nint stride, int rows, int width, float* inverse,
        float* center, Activation activation, DropoutMask mask, int firstRow, float* sums, float* sumsXHat);

    /// <inheritdoc cref="BatchNormKernel{S, V}.Backward"/>
    public abstract void NormBackward(float* grad, float* z, nint stride, int rows, int width, float* factor, float* slope,
        float* offset);

    /// <inheritdoc cref="PairSumKernel{S, V}.Forward"/>
    public abstract float PairSum(float* e, int fieldCount, int size, float* sum);

    /// <inheritdoc cref="BagKernel{S, V}.PairSum"/>
    public abstract float BagPairSum(float* table, nint stride, int* ids, float* weights, int count, int size, float* e);

    /// <inheritdoc cref="ProductKernel{S, V}.ScratchLength"/>
    public abstract int ProductScratchLength(int fieldCount, int size);

    /// <inheritdoc cref="ProductKernel{S, V}.InnerForward"/>
    public abstract void InnerForward(float* e, int fieldCount, int size, float* p, float* scratch);

    /// <inheritdoc cref="ProductKernel{S, V}.InnerBackward"/>
    public abstract void InnerBackward(float* gradP, float* e, int fieldCount, int size, float* gradE, bool add,
        float* scratch);

    /// <inheritdoc cref="ProductKernel{S, V}.OuterForward"/>
    public abstract void OuterForward(float* u, int size, float* p);

    /// <inheritdoc cref="ProductKernel{S, V}.OuterBackward"/>
    public abstract void OuterBackward(float* gradP, float* u, int size, float* gradU, bool add);

    /// <inheritdoc cref="RowKernel{S, V}.Gather"/>
    public abstract void Gather(float* table, nint stride, int* ids, int count, int spilling, int size, float* e);

    /// <inheritdoc cref="RowKernel{S, V}.AddScaled"/>
    public abstract void AddScaled(float* from, float weight, float* to, int count);

    /// <inheritdoc cref="RowKernel{S, V}.Gradients"/>
    public abstract void RowGradients(ReadOnlySpan<RowPart> parts, int field, float* gradLogits, int count,
        float* linearMask, int width, float* to);

    /// <inheritdoc cref="RowKernel{S, V}.SquaredNorm"/>
    public abstract double SquaredNorm(float* x, long count);

    /// <inheritdoc cref="AccumulateKernel{S, V}.OneId"/>
    public abstract void AccumulateOneId(int* ids, int count, float* gradients, int width, ref SlotMap slots,
        float* sums);

    /// <inheritdoc cref="AccumulateKernel{S, V}.Entry(int, float, float*, int, ref SlotMap, float*)"/>
    public abstract void AccumulateEntry(int id, float weight, float* gradient, int width, ref SlotMap slots,
        float* sums);

    /// <inheritdoc cref="AccumulateKernel{S, V}.PairedEntry(int, float, float*, float, float*, float*, int, ref SlotMap, float*)"/>
    public abstract void AccumulatePairedEntry(int id, float weight, float* gradient, float gradLogit, float* factors, float* row,
        int width, ref SlotMap slots, float* sums);

    /// <inheritdoc cref="OptimizerKernel{S, V}.Rows(OptimizerKind, float*, nint, int, int*, int, float*, float, float*, in OptimizerStep)"/>
    public abstract void StepRows(OptimizerKind kind, float* table, nint stride, int width, int* ids, int count,
        float* gradients, float gradientScale, float* l2, in OptimizerStep step);

    /// <inheritdoc cref="OptimizerKernel{S, V}.Dense(OptimizerKind, float*, float*, float*, float*, int, float, in OptimizerStep)"/>
    public abstract void StepDense(OptimizerKind kind, float* w, float* state1, float* state2, float* gradient,
        int count, float gradientScale, in OptimizerStep step);
}

/// <summary><inheritdoc/></summary>
sealed unsafe class KernelSet<S, V>(int bits) : Kernels
    where S : ISimd<V>
    where V : struct
{
    public override int Bits => bits;

    public override int PanelWidth => MatrixBlock<S, V>.PanelWidth;

    public override int PanelCount(int columns) => Panels<S, V>.Count(columns);

    public override (int First, int Count) Panel(int panel, int columns) => Panels<S, V>.Of(panel, columns);

    public override int TransposedScratchLength(int rows, int columns) => Math.Max(
        MatrixProduct<S, V>.TransposedScratchLength(rows, columns), SparseProduct<S, V>.TransposedScratchLength(rows));

    public override long PackedLength(int depth, int columns) => MatrixProduct<S, V>.PackedLength(depth, columns);

    public override void PackPanel(float* b, nint stride, bool transposed, int depth, int columns, int panel,
        float* packed) =>
        MatrixProduct<S, V>.PackPanel(b, stride, transposed, depth, columns, panel, packed);

    public override void Multiply(float* a, nint aStride, int rows, float* packed, int depth, int columns,
        float* c, nint cStride, bool add) =>
        MatrixProduct<S, V>.Multiply(a, aStride, rows, packed, depth, columns, c, cStride, add);

    public override void MultiplyTransposed(float* a, nint aStride, int rows, float* b, nint bStride, int depth,
        int columns, float* c, float* scratch) =>
        MatrixProduct<S, V>.MultiplyTransposed(a, aStride, rows, b, bStride, depth, columns, c, scratch);

    public override float DensityLimit => SparseProduct<S, V>.DensityLimit;

    public override int NonZeros(float* x, nint stride, int rows, int columns, ulong* bits) =>
        SparseProduct<S, V>.NonZeros(x, stride, rows, columns, bits);

    public override void MultiplySparse(float* a, nint aStride, ulong* bits, int rows, float* packed, int depth, int columns,
        float* c, nint cStride, bool add) =>
        SparseProduct<S, V>.Multiply(a, aStride, bits, rows, packed, depth, columns, c, cStride, add);

    public override void MultiplySelected(float* a, nint aStride, int rows, float* b, int depth, int columns, ulong* bits, float* c,
        nint cStride) =>
        SelectedProduct<S, V>.Multiply(a, aStride, rows, b, depth, columns, bits, c, cStride);

    public override void MultiplyTransposedSparse(float* a, nint aStride, ulong* bits, int bitsStride, int firstBit, int rows,
        float* b, nint bStride, int depth, int columns, float* c, float* scratch) =>
        SparseProduct<S, V>.MultiplyTransposed(a, aStride, bits, bitsStride, firstBit, rows, b, bStride, depth, columns, c, scratch);

    public override void ActivationForward(float* z, float* y, nint stride, int rows, int width, float* scale, float* shift,
        Activation activation, DropoutMask mask, int firstRow) =>
        ActivationKernel<S, V>.Forward(z, y, stride, rows, width, scale, shift, activation, mask, firstRow);

    public override void ActivationBackward(float* gradY, float* y, nint stride, int rows, int width,
        Activation activation, DropoutMask mask, int firstRow, float* biasGradient) =>
        ActivationKernel<S, V>.Backward(gradY, y, stride, rows, width, activation, mask, firstRow, biasGradient);

    public override void Moments(float* z, nint stride, int rows, int width, float* mean, float* squares) =>
        BatchNormKernel<S, V>.Moments(z, stride, rows, width, mean, squares);

    public override void NormGradientSums(float* gradY, float* y, float* z, nint stride, int rows, int width, float* inverse,
        float* center, Activation activation, DropoutMask mask, int firstRow, float* sums, float* sumsXHat) =>
        BatchNormKernel<S, V>.GradientSums(gradY, y, z, stride, rows, width, inverse, center, activation, mask, firstRow, sums,
            sumsXHat);

    public override void NormBackward(float* grad, float* z, nint stride, int rows, int width, float* factor, float* slope,
        float* offset) =>
        BatchNormKernel<S, V>.Backward(grad, z, stride, rows, width, factor, slope, offset);

    public override float PairSum(float* e, int fieldCount, int size, float* sum) =>
        PairSumKernel<S, V>.Forward(e, fieldCount, size, sum);

    public override float BagPairSum(float* table, nint stride, int* ids, float* weights, int count, int size, float* e) =>
        BagKernel<S, V>.PairSum(table, stride, ids, weights, count, size, e);

    public override int ProductScratchLength(int fieldCount, int size) =>
        ProductKernel<S, V>.ScratchLength(fieldCount, size);

    public override void InnerForward(float* e, int fieldCount, int size, float* p, float* scratch) =>
        ProductKernel<S, V>.InnerForward(e, fieldCount, size, p, scratch);

    public override void InnerBackward(float* gradP, float* e, int fieldCount, int size, float* gradE, bool add,
        float* scratch) =>
        ProductKernel<S, V>.InnerBackward(gradP, e, fieldCount, size, gradE, add, scratch);

    public override void OuterForward(float* u, int size, float* p) => ProductKernel<S, V>.OuterForward(u, size, p);

    public override void OuterBackward(float* gradP, float* u, int size, float* gradU, bool add) =>
        ProductKernel<S, V>.OuterBackward(gradP, u, size, gradU, add);

    public override void Gather(float* table, nint stride, int* ids, int count, int spilling, int size, float* e) =>
        RowKernel<S, V>.Gather(table, stride, ids, count, spilling, size, e);

    public override void AddScaled(float* from, float weight, float* to, int count) =>
        RowKernel<S, V>.AddScaled(from, weight, to, count);

    public override void RowGradients(ReadOnlySpan<RowPart> parts, int field, float* gradLogits, int count,
        float* linearMask, int width, float* to) =>
        RowKernel<S, V>.Gradients(parts, field, gradLogits, count, linearMask, width, to);

    public override void AccumulateOneId(int* ids, int count, float* gradients, int width, ref SlotMap slots,
        float* sums) =>
        AccumulateKernel<S, V>.OneId(ids, count, gradients, width, ref slots, sums);

    public override void AccumulateEntry(int id, float weight, float* gradient, int width, ref SlotMap slots,
        float* sums) =>
        AccumulateKernel<S, V>.Entry(id, weight, gradient, width, ref slots, sums);

    public override void AccumulatePairedEntry(int id, float weight, float* gradient, float gradLogit, float* factors, float* row,
        int width, ref SlotMap slots, float* sums) =>
        AccumulateKernel<S, V>.PairedEntry(id, weight, gradient, gradLogit, factors, row, width, ref slots, sums);

    public override double SquaredNorm(float* x, long count) => RowKernel<S, V>.SquaredNorm(x, count);

    public override void StepRows(OptimizerKind kind, float* table, nint stride, int width, int* ids, int count,
        float* gradients, float gradientScale, float* l2, in OptimizerStep step) =>
        OptimizerKernel<S, V>.Rows(kind, table, stride, width, ids, count, gradients, gradientScale, l2, step);

    public override void StepDense(OptimizerKind kind, float* w, float* state1, float* state2, float* gradient,
        int count, float gradientScale, in OptimizerStep step) =>
        OptimizerKernel<S, V>.Dense(kind, w, state1, state2, gradient, count, gradientScale, step);
}
