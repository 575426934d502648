namespace CertOperator.Testing.Fuzzing;

/// <summary>
/// Real inputs, kept in a folder beside the tests, and mutations of them. An input that once did harm is kept there too: what is in the
/// folder is tried as it is at every run.
/// </summary>
public sealed class Corpus
{
    private const int MostSteps = 6;
    private const int MostRepeats = 200;
    private const int MaxLength = 256 * 1024;

    private readonly byte[][] _items;

    /// <param name="items">The inputs.</param>
    public Corpus(IEnumerable<byte[]> items) => _items = [.. items];

    /// <summary>The inputs as they are.</summary>
    public IReadOnlyList<byte[]> Items => _items;

    /// <summary>The files of a folder below the test program, each an input.</summary>
    public static Corpus Read(params string[] folder)
    {
        string[] files = Directory.GetFiles(Path.Combine([AppContext.BaseDirectory, .. folder]));
        Array.Sort(files, StringComparer.Ordinal);
        return new Corpus(files.Select(File.ReadAllBytes));
    }

    /// <summary>The lines of the files of a folder, each an input.</summary>
    public static Corpus ReadLines(params string[] folder)
        => new(Read(folder)._items.SelectMany(file => System.Text.Encoding.UTF8.GetString(file).Split('\n')).Where(line => line.Length > 0).Select(System.Text.Encoding.UTF8.GetBytes));

    /// <summary>One of the inputs, changed in a few places; the same for the same seed.</summary>
    public byte[] Mutate(int seed)
    {
        var random = new Random(seed);
        var input = Pick(random);
        for (var steps = random.Next(1, MostSteps + 1); steps > 0 && input.Length < MaxLength; steps--)
        {
            input = Change(input, random);
        }

        return input;
    }

    private byte[] Pick(Random random) => _items[random.Next(_items.Length)];

    private byte[] Change(byte[] input, Random random)
    {
        var start = random.Next(input.Length + 1);
        var end = random.Next(start, Math.Min(input.Length, start + 1 + random.Next(64)) + 1);
        byte[] head = input[..start], part = input[start..end], tail = input[end..];
        return random.Next(7) switch
        {
            0 => [.. head, .. tail],
            1 => [.. head, .. Enumerable.Repeat(part, random.Next(2, MostRepeats)).SelectMany(octets => octets), .. tail],
            2 => [.. head, .. part.Select(octet => (byte)(octet ^ (1 << random.Next(8)))), .. tail],
            3 => [.. head, .. part.Select(_ => (byte)random.Next(256)), .. tail],
            4 => [.. head, (byte)random.Next(256), .. part, .. tail],
            5 => input[..start],
            _ => [.. head, .. Pick(random).Skip(random.Next(64)).Take(random.Next(256)), .. tail],
        };
    }
}
