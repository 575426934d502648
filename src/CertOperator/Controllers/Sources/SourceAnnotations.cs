using System.Globalization;
using System.Text.Json;
using CertOperator.Api;
using CertOperator.Runtime.Objects;

namespace CertOperator.Controllers.Sources;

/// <summary>Reads the annotations by which an Ingress, Service or Gateway shapes its Certificate. Pure.</summary>
internal static class SourceAnnotations
{
    /// <summary>The issuer that the annotations name; null without one, with a problem if two are named.</summary>
    public static IssuerRef? Issuer(ObjectMeta metadata, IssuerRef? defaultIssuer, List<SourceProblem> problems)
    {
        string? issuer = Annotations.Value(metadata, Annotations.Issuer);
        string? clusterIssuer = Annotations.Value(metadata, Annotations.ClusterIssuer);
        if (issuer is not null && clusterIssuer is not null)
        {
            problems.Add(new("TwoIssuers", $"The annotations {Annotations.Issuer} and {Annotations.ClusterIssuer} exclude each other: remove one."));
            return null;
        }

        if (clusterIssuer is not null)
            return new IssuerRef { Name = clusterIssuer, Kind = ClusterIssuer.Type.Kind };
        if (issuer is not null)
            return new IssuerRef { Name = issuer, Kind = Api.Issuer.Type.Kind };
        if (Annotations.Value(metadata, Annotations.TlsAcme) != Annotations.True)
            return null;
        if (defaultIssuer is null)
            problems.Add(new("NoDefaultIssuer", $"The annotation {Annotations.TlsAcme} asks for the default issuer, and the operator runs without one: start it with --default-issuer, or name an issuer with {Annotations.ClusterIssuer}."));
        return defaultIssuer;
    }

    /// <summary>The spec with every annotation applied; those that cannot be read are problems and left out.</summary>
    public static CertificateSpec Apply(CertificateSpec spec, ObjectMeta metadata, List<SourceProblem> problems)
    {
        spec = spec with
        {
            CommonName = Text("common-name"),
            DnsNames = Union(spec.DnsNames, List("alt-names")),
            IpAddresses = List("ip-sans"),
            Uris = List("uri-sans"),
            EmailAddresses = List("email-sans"),
            Duration = Text("duration"),
            RenewBefore = Text("renew-before"),
            RenewBeforePercentage = Number("renew-before-percentage"),
            Usages = List("usages"),
            SecretTemplate = Template(),
            PrivateKey = new PrivateKeySpec
            {
                Algorithm = Text("private-key-algorithm"),
                Size = Number("private-key-size"),
                Encoding = Text("private-key-encoding"),
                RotationPolicy = Text("private-key-rotation-policy"),
            },
            Subject = new SubjectSpec
            {
                Organizations = List("subject-organizations"),
                OrganizationalUnits = List("subject-organizationalunits"),
                Countries = List("subject-countries"),
                Localities = List("subject-localities"),
                Provinces = List("subject-provinces"),
                StreetAddresses = List("subject-streetaddresses"),
                PostalCodes = List("subject-postalcodes"),
                SerialNumber = Text("subject-serialnumber"),
            },
        };
        return spec with
        {
            PrivateKey = spec.PrivateKey == new PrivateKeySpec() ? null : spec.PrivateKey,
            Subject = spec.Subject == new SubjectSpec() ? null : spec.Subject,
        };

        string? Text(string name) => Annotations.Value(metadata, ApiGroup.Prefixed(name));

        IReadOnlyList<string>? List(string name)
            => Text(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        int? Number(string name)
        {
            if (Text(name) is not { } text)
                return null;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                return number;
            problems.Add(new("BadAnnotation", $"The annotation {ApiGroup.Prefixed(name)} is no whole number and was left out."));
            return null;
        }

        SecretTemplateSpec? Template()
        {
            if (Text("secret-template") is not { } json)
                return null;
            try
            {
                return JsonSerializer.Deserialize(json, ApiJson.Default.SecretTemplateSpec);
            }
            catch (JsonException)
            {
                problems.Add(new("BadAnnotation", $"The annotation {ApiGroup.Prefixed("secret-template")} is no JSON object with labels and annotations and was left out."));
                return null;
            }
        }
    }

    private static IReadOnlyList<string> Union(IReadOnlyList<string>? hosts, IReadOnlyList<string>? more)
        => [.. (hosts ?? []).Concat(more ?? []).Distinct(StringComparer.OrdinalIgnoreCase)];
}
