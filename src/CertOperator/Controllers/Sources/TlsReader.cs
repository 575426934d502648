using CertOperator.Api;
using CertOperator.Pki.Requests;
using CertOperator.Runtime.Client;

namespace CertOperator.Controllers.Sources;

/// <summary>The Certificates that an object wants that terminates TLS: one per Secret that it names. Pure.</summary>
internal static class TlsReader
{
    /// <param name="about">The Ingress or Gateway.</param>
    /// <param name="defaultIssuer">The issuer of those that ask for none by name; null if there is none.</param>
    /// <param name="parts">What it says of TLS.</param>
    public static SourceReading Read(IKubeObject about, IssuerRef? defaultIssuer, TlsParts parts)
    {
        if (Annotations.IsIgnored(about.Metadata) || about.Metadata.DeletionTimestamp is not null)
            return SourceReading.Nothing;

        var problems = new List<SourceProblem>();
        if (SourceAnnotations.Issuer(about.Metadata, defaultIssuer, problems) is not { } issuer)
            return new SourceReading([], problems, problems.Count == 0 ? [] : parts.Named);

        problems.AddRange(parts.Problems);
        CertificateSpec common = SourceAnnotations.Apply(new CertificateSpec { SecretName = "", IssuerRef = issuer }, about.Metadata, problems);
        var wanted = new List<CertificateSource>();
        // Parts that share a Secret are one wish, as the controllers read them.
        foreach (var part in parts.Usable.GroupBy(part => part.SecretName!))
        {
            string[] names = [.. part.SelectMany(one => one.Hosts!).Concat(common.DnsNames ?? []).Distinct(StringComparer.OrdinalIgnoreCase)];
            if (TooMany(parts, part.Key, names) is { } problem)
                problems.Add(problem);
            else
                wanted.Add(new CertificateSource(about, common with { SecretName = part.Key, DnsNames = names }));
        }

        return new SourceReading(wanted, problems, [.. parts.Named.Except(wanted.Select(source => source.Spec.SecretName))]);
    }

    private static SourceProblem? TooMany(TlsParts parts, string secretName, string[] names) => names.Length <= NameRules.MaxNames
        ? null
        : new("TooManyHosts", $"{parts.Field} asks for {names.Length} hosts in the Secret {secretName}, and one certificate holds at most {NameRules.MaxNames}: spread them over several entries of {parts.Field}, each with a Secret of its own. Until then its certificate stays as it is.");
}

/// <summary>What an object says of TLS.</summary>
/// <param name="Field">Where it says so.</param>
/// <param name="Usable">Those parts that have hosts and a Secret.</param>
/// <param name="Named">All Secrets of its namespace that it names.</param>
/// <param name="Problems">What is wrong with the others, if it wants certificates at all.</param>
internal sealed record TlsParts(string Field, IReadOnlyList<IngressTls> Usable, IReadOnlyList<string> Named, IReadOnlyList<SourceProblem> Problems);
