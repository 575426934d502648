using CertOperator.Api;

namespace CertOperator.Cli.Clusters;

/// <summary>Certificates by the names that a person typed.</summary>
internal static class CertificateLookup
{
    /// <summary>What is said of a name that no Certificate of the namespace has.</summary>
    public static async Task<CommandException> MissingAsync(ClusterCall call, string name, CancellationToken cancel)
        => Missing(call.Namespace, name, (await call.ListAsync<Certificate>(call.Namespace, cancel)).Items);

    public static CommandException Missing(string ns, string name, IEnumerable<Certificate> others)
    {
        string? near = NearMiss.Of(name, others.Select(other => other.Metadata.Name ?? ""));
        return new($"There is no Certificate {name} in namespace {ns}: {(near is null ? "cert-operator status -A lists them all." : $"did you mean {near}?")}");
    }
}
