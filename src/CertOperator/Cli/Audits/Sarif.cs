using System.Text.Json.Serialization;
using CertOperator.Audit;
using CertOperator.Telemetry;

namespace CertOperator.Cli.Audits;

/// <summary>An audit in the Static Analysis Results Interchange Format 2.1.0 (OASIS), with Ingresses as logical locations.</summary>
internal static class Sarif
{
    private const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    public static SarifLog Of(AuditResult audit) => new(Schema, "2.1.0", [new SarifRun(
        new SarifTool(new SarifDriver("cert-operator", Product.Version, [.. AuditCodes.All.Select(Rule)])),
        [.. audit.Findings.Select(Result)])]);

    private static SarifRule Rule(AuditCode code)
        => new(code.Name, new SarifText(code.Meaning), new SarifText(code.Remedy), new SarifConfiguration(AuditResult.Word(code.Severity)));

    private static SarifResult Result(AuditRow row) => new(
        row.Code,
        AuditCodes.All.Index().First(code => code.Item.Name == row.Code).Index,
        row.Severity,
        new SarifText($"{row.Message} {row.Remedy}"),
        [new SarifLocation([new SarifLogicalLocation(row.Ingress, $"{row.Namespace}/Ingress/{row.Ingress}", "resource")])]);
}

internal sealed record SarifLog([property: JsonPropertyName("$schema")] string Schema, string Version, IReadOnlyList<SarifRun> Runs);

internal sealed record SarifRun(SarifTool Tool, IReadOnlyList<SarifResult> Results);

internal sealed record SarifTool(SarifDriver Driver);

internal sealed record SarifDriver(string Name, string SemanticVersion, IReadOnlyList<SarifRule> Rules);

internal sealed record SarifRule(string Id, SarifText ShortDescription, SarifText Help, SarifConfiguration DefaultConfiguration);

internal sealed record SarifConfiguration(string Level);

internal sealed record SarifText(string Text);

internal sealed record SarifResult(string RuleId, int RuleIndex, string Level, SarifText Message, IReadOnlyList<SarifLocation> Locations);

internal sealed record SarifLocation(IReadOnlyList<SarifLogicalLocation> LogicalLocations);

internal sealed record SarifLogicalLocation(string Name, string FullyQualifiedName, string Kind);
