using System.Text.Json.Serialization;

namespace CertOperator.Cli.Audits;

/// <summary>What <c>audit --output json</c> and <c>sarif</c> print.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(AuditResult))]
[JsonSerializable(typeof(SarifLog))]
internal sealed partial class AuditJson : JsonSerializerContext;
