using System.Buffers.Binary;
using System.Text;

namespace DeepFM.Core.Tests.Data;

/// <summary>Tensors whose bytes an int does not count.</summary>
[Collection(nameof(Alone))]
public class LargeTensorTests
{
    const int Length = (1 << 29) + 8;

    [Fact]
    public void ATensorOfMoreThan2GiB_IsReadInOneCall()
    {
        Assert.SkipUnless(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes > 8L << 30, "Needs 8 GiB of memory.");
        using TempFolder folder = new();
        string header = $$$"""{"w":{"dtype":"F32","shape":[{{{Length}}}],"data_offsets":[0,{{{4L * Length}}}]}}""".PadRight(96);
        byte[] head = new byte[8 + header.Length];
        BinaryPrimitives.WriteInt64LittleEndian(head, header.Length);
        Encoding.UTF8.GetBytes(header).CopyTo(head, 8);
        string path = folder.Write("w", head);
        using (FileStream stream = File.OpenWrite(path))        // zeros that take no room on the disk, then the last number
        {
            stream.SetLength(head.Length + 4L * Length);
            stream.Position = stream.Length - 4;
            stream.Write(BitConverter.GetBytes(1.5f));
        }
        float[] read = GC.AllocateUninitializedArray<float>(Length);
        using SafeTensorsFile file = SafeTensorsFile.Open(path);
        file.Read("w", read.AsSpan());
        Assert.Equal((0f, 0f, 1.5f), (read[0], read[^2], read[^1]));
    }

    /// <summary>A device takes what no test's disk should; nothing of the array is looked at.</summary>
    [Fact]
    public void ATensorOfMoreThan2GiB_IsWrittenInOneCall()
    {
        float[] large = new float[Length];
        using SafeTensorsWriter writer = new("/dev/null", [new("w", TensorType.F32, [large.Length])]);
        writer.Write<float>("w", large);
        writer.Commit();
    }
}
