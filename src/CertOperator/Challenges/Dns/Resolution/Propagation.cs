namespace CertOperator.Challenges.Dns.Resolution;

/// <summary>How many of the servers that were asked show a value. Whoever waits asks again later; nothing here waits.</summary>
/// <param name="Seen">Servers that show it.</param>
/// <param name="Servers">Servers that were asked.</param>
/// <param name="Message">One sentence for people; when not all show it, which do not and why.</param>
internal sealed record Propagation(int Seen, int Servers, string Message)
{
    /// <summary>The values that were looked for, as they were seen.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    public bool IsComplete => Servers > 0 && Seen == Servers;
}
