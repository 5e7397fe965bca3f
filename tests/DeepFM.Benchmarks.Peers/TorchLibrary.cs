using System.Buffers.Binary;
using System.Text;

namespace DeepFM.Benchmarks.Peers;

/// <summary>Lets TorchSharp's native library load where libstdc++ is older than GCC 13's.</summary>
/// <remarks>
/// The library refers to one symbol of GLIBCXX_3.4.32, an empty mark of its header that is never called; yet the loader
/// refuses a library whose version or symbol is missing. Both references are marked weak in the copy beside this
/// program, so that it may do without. With a newer libstdc++ this changes nothing.
/// </remarks>
static class TorchLibrary
{
    const string Symbol = "_ZSt21ios_base_library_initv", Version = "GLIBCXX_3.4.32";
    const uint DynamicSymbols = 11, VersionNeeds = 0x6ffffffe;         // section types
    const byte Weak = 2;                                               // of a symbol's binding, and of a version's flags

    /// <summary>Marks the references in the library beside this program; to be called before TorchSharp is.</summary>
    public static void Mend()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");
        if (!File.Exists(path)) { return; }                            // not Linux
        byte[] before = File.ReadAllBytes(path), elf = [.. before];
        foreach (Section section in Section.All(elf))
        {
            if (section.Type == DynamicSymbols) { MarkSymbol(elf, section); }
            if (section.Type == VersionNeeds) { MarkVersion(elf, section); }
        }
        if (elf.AsSpan().SequenceEqual(before)) { return; }
        File.WriteAllBytes(path + ".new", elf);
        File.Move(path + ".new", path, overwrite: true);
    }

    // Elf64_Sym: name 4, info 1 (binding in the high half), other 1, section 2, value 8, size 8.
    static void MarkSymbol(byte[] elf, Section symbols)
    {
        for (int at = symbols.Offset; at < symbols.Offset + symbols.Length; at += 24)
        {
            if (symbols.Name(elf, at) == Symbol) { elf[at + 4] = (byte)(Weak << 4 | elf[at + 4] & 0xf); }
        }
    }

    // Elf64_Verneed: version 2, count 2, file 4, first 4, next 4. Elf64_Vernaux: hash 4, flags 2, other 2, name 4, next 4.
    static void MarkVersion(byte[] elf, Section needs)
    {
        for (int file = needs.Offset, step = 1; step > 0; file += step = Int(elf, file + 12))
        {
            for (int version = file + Int(elf, file + 8), next = 1; next > 0; version += next = Int(elf, version + 12))
            {
                if (needs.Name(elf, version + 8) == Version) { elf[version + 4] |= Weak; }
            }
        }
    }

    static int Int(ReadOnlySpan<byte> elf, int at) => BinaryPrimitives.ReadInt32LittleEndian(elf[at..]);

    /// <summary>A section of a 64-bit little-endian ELF file, and where its names are.</summary>
    sealed record Section(uint Type, int Offset, int Length, int NamesOffset)
    {
        // Elf64_Shdr: name 4, type 4, flags 8, address 8, offset 8, size 8, link 4, info 4, alignment 8, entry size 8.
        public static IEnumerable<Section> All(byte[] elf)
        {
            int table = Int(elf, 40), size = elf[58], count = BinaryPrimitives.ReadUInt16LittleEndian(elf.AsSpan(60));
            for (int i = 0; i < count; i++)
            {
                int at = table + i * size, names = table + Int(elf, at + 40) * size;
                yield return new((uint)Int(elf, at + 4), Int(elf, at + 24), Int(elf, at + 32), Int(elf, names + 24));
            }
        }

        /// <summary>The name whose place in the names is written at <paramref name="at"/>.</summary>
        public string Name(byte[] elf, int at)
        {
            ReadOnlySpan<byte> text = elf.AsSpan(NamesOffset + Int(elf, at));
            return Encoding.ASCII.GetString(text[..text.IndexOf((byte)0)]);
        }
    }
}
