namespace CertOperator.Testing;

/// <summary>Figures that a test has measured; <c>tests/run.sh</c> prints them at its end.</summary>
public static class Measurements
{
    private static readonly Lock Gate = new();

    /// <summary>Adds one line, for instance <c>("Time to ready", "147 ms")</c>.</summary>
    public static void Add(string name, string value)
    {
        lock (Gate)
        {
            File.AppendAllText(Path.Combine(Repository.Root, "artifacts", "measurements.txt"), $"{name}: {value}\n");
        }
    }
}
