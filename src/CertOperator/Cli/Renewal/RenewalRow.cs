namespace CertOperator.Cli.Renewal;

/// <summary>How far the renewal of one Certificate is.</summary>
/// <param name="Namespace">Of the Certificate.</param>
/// <param name="Name">Of the Certificate.</param>
/// <param name="State">One of the constants.</param>
/// <param name="Message">One sentence.</param>
internal sealed record RenewalRow(string Namespace, string Name, string State, string Message)
{
    public const string Asked = "Asked";
    public const string Renewed = "Renewed";
    public const string Failed = "Failed";

    /// <summary><c>namespace/name</c>.</summary>
    public override string ToString() => $"{Namespace}/{Name}";
}

/// <summary>What <c>renew --output json</c> prints.</summary>
internal sealed record RenewalReport(IReadOnlyList<RenewalRow> Certificates);
