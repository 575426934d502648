namespace CertOperator.Controllers.Served;

/// <summary>A question: what is served for this host at this address?</summary>
/// <param name="Host">As the Ingress has it, in lower case; perhaps a wildcard.</param>
/// <param name="Address">As the status of the Ingress has it: an IP address or a name.</param>
internal sealed record ServedTarget(string Host, string Address)
{
    /// <summary>In place of the asterisk of a wildcard: nobody has a rule of its own for it.</summary>
    private const string AnyLabel = "cert-operator-verify";

    /// <summary>The name to ask for.</summary>
    public string ServerName => Host[0] == '*' ? AnyLabel + Host[1..] : Host;

    public override string ToString() => $"{Host} at {Address}";
}
