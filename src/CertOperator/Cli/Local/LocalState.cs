using System.Text.Json.Serialization;

namespace CertOperator.Cli.Local;

/// <summary>What a local session has to show.</summary>
/// <param name="Certificates">By namespace and name.</param>
/// <param name="Problems">By place.</param>
internal sealed record LocalState(IReadOnlyList<CertificateRow> Certificates, IReadOnlyList<Problem> Problems)
{
    /// <summary>Every Certificate is ready, and nothing else is wrong: a Certificate that is not ready is among the problems.</summary>
    [JsonIgnore]
    public bool IsGood => Problems.All(problem => problem.Harmless);

    public bool Equals(LocalState? other)
        => other is not null && Certificates.SequenceEqual(other.Certificates) && Problems.SequenceEqual(other.Problems);

    public override int GetHashCode() => HashCode.Combine(Certificates.Count, Problems.Count);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LocalState))]
internal sealed partial class LocalJson : JsonSerializerContext;
