using CertOperator.Api;
using CertOperator.Runtime.Client;

namespace CertOperator.Controllers.Sources;

/// <summary>One object's wish for a Certificate.</summary>
/// <param name="Object">The Ingress, Service or Gateway.</param>
/// <param name="Spec">The Certificate that it wants.</param>
internal sealed record CertificateSource(IKubeObject Object, CertificateSpec Spec)
{
    /// <summary>The Certificate is named as its Secret.</summary>
    public ObjectKey Key => new(Object.Metadata.Namespace ?? "", Spec.SecretName);

    /// <summary><c>Kind/name</c>, as messages name it.</summary>
    public string Name => $"{Object.Kind}/{Object.Metadata.Name}";
}

/// <summary>What an object wants, and what is wrong with how it says so.</summary>
/// <param name="Certificates">One per Secret name.</param>
/// <param name="Problems">One sentence each.</param>
/// <param name="Held">
/// Secret names for which something is wanted that cannot be read. Their Certificates stay as they are: a slip in an annotation
/// must not end the renewal of what is in use.
/// </param>
internal sealed record SourceReading(
    IReadOnlyList<CertificateSource> Certificates, IReadOnlyList<SourceProblem> Problems, IReadOnlyList<string> Held)
{
    public static SourceReading Nothing { get; } = new([], [], []);
}

/// <param name="Reason">CamelCase word for machines.</param>
/// <param name="Message">What is wrong and what to do.</param>
internal sealed record SourceProblem(string Reason, string Message);
