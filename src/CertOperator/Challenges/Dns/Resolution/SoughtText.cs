namespace CertOperator.Challenges.Dns.Resolution;

/// <summary>TXT values that are looked for.</summary>
/// <param name="Name">Where.</param>
/// <param name="Zone">The zone of the name.</param>
/// <param name="Fits">Whether a value is one of them.</param>
internal sealed record SoughtText(string Name, string Zone, Func<string, bool> Fits)
{
    public static SoughtText Of(TxtRecord record) => new(record.Name, record.Zone, value => value == record.Value);
}
