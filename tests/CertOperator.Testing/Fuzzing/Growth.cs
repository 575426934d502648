namespace CertOperator.Testing.Fuzzing;

/// <summary>Holds what a reader allocates against what it was given.</summary>
public static class Growth
{
    /// <summary>Runs a reader that stays on its thread.</summary>
    /// <returns>What it returned.</returns>
    /// <exception cref="InvalidOperationException">It allocated more octets than so many, and so many times its input's.</exception>
    public static T Within<T>(int octets, long fixedPart, int factor, Func<T> read)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = read();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return allocated <= fixedPart + ((long)factor * octets)
            ? result
            : throw new InvalidOperationException($"Reading {octets} octets allocated {allocated}: more than {fixedPart} and {factor} for each.");
    }
}
