using System.Text.Json;
using System.Text.Json.Nodes;
using CertOperator.Runtime.Yaml;

namespace CertOperator.Api;

/// <summary>
/// The rules that the definitions give to the API server, on one table of specs: each says the same of a spec as the operator's own
/// check, in the same sentence. No API server that knows such rules is at hand, so they are evaluated here.
/// </summary>
public class AdmissionTests
{
    private const string Leaf = "secretName: web, issuerRef: {name: ca}, dnsNames: [web.example.com]";
    private const string Acme = "server: \"https://acme.example.com/directory\", privateKeySecretRef: {name: account}";

    private static readonly IReadOnlyList<JsonObject> Definitions = [.. ApiDefinitions.Documents()];

    /// <summary>Specs, and the sentence of the rule that each breaks; none if it is sound.</summary>
    public static TheoryData<string, string, string?> Specs => new()
    {
        { "Certificate", $"{{ {Leaf} }}", null },
        { "Certificate", $"{{ {Leaf}, renewBefore: 1h }}", null },
        { "Certificate", $"{{ {Leaf}, duration: 100h, renewBefore: 99h59m }}", null },
        { "Certificate", $"{{ {Leaf}, renewBeforePercentage: 1 }}", null },
        { "Certificate", $"{{ {Leaf}, renewBeforePercentage: 99 }}", null },
        { "Certificate", $"{{ {Leaf}, renewBefore: 1h, renewBeforePercentage: 50 }}", Sentences.RenewBeforeTwice },
        { "Certificate", $"{{ {Leaf}, renewBeforePercentage: 0 }}", Sentences.Percentage },
        { "Certificate", $"{{ {Leaf}, renewBeforePercentage: 100 }}", Sentences.Percentage },
        { "Certificate", $"{{ {Leaf}, renewBefore: 2160h }}", Sentences.RenewedForEver },
        { "Certificate", $"{{ {Leaf}, duration: 1h, renewBefore: 60m }}", Sentences.RenewedForEver },
        { "Certificate", $"{{ {Leaf}, history: 0 }}", null },
        { "Certificate", $"{{ {Leaf}, history: 5 }}", null },
        { "Certificate", $"{{ {Leaf}, history: 6 }}", Sentences.History },
        { "Certificate", $"{{ {Leaf}, history: -1 }}", Sentences.History },
        { "Certificate", $"{{ {Leaf}, literalSubject: CN=web }}", null },
        { "Certificate", $"{{ {Leaf}, literalSubject: CN=web, commonName: web }}", Sentences.LiteralSubject },
        { "Certificate", $"{{ {Leaf}, literalSubject: CN=web, subject: {{organizations: [Shop]}} }}", Sentences.LiteralSubject },
        { "Certificate", "{secretName: ca, issuerRef: {name: ca}, commonName: Root, isCA: true, nameConstraints: {permitted: {dnsDomains: [example.com]}}}", null },
        { "Certificate", $"{{ {Leaf}, nameConstraints: {{permitted: {{dnsDomains: [example.com]}}}} }}", Sentences.ConstrainedLeaf },
        { "Certificate", $"{{ {Leaf}, isCA: false, nameConstraints: {{excluded: {{dnsDomains: [example.com]}}}} }}", Sentences.ConstrainedLeaf },
        { "Certificate", $"{{ {Leaf}, privateKey: {{algorithm: RSA}} }}", null },
        { "Certificate", $"{{ {Leaf}, privateKey: {{algorithm: RSA, size: 8192}} }}", null },
        { "Certificate", $"{{ {Leaf}, privateKey: {{algorithm: RSA, size: 1024}} }}", Sentences.RsaSize },
        { "Certificate", $"{{ {Leaf}, privateKey: {{algorithm: RSA, size: 16384}} }}", Sentences.RsaSize },
        { "Certificate", $"{{ {Leaf}, privateKey: {{size: 384}} }}", null },
        { "Certificate", $"{{ {Leaf}, privateKey: {{algorithm: Ed25519, size: 7}} }}", null },
        { "Certificate", $"{{ {Leaf}, privateKey: {{size: 2048}} }}", Sentences.EcdsaSize },
        { "Certificate", $"{{ {Leaf}, privateKey: {{algorithm: ECDSA, size: 255}} }}", Sentences.EcdsaSize },
        { "Certificate", $"{{ {Leaf}, keystores: {{jks: {{create: false}}, pkcs12: {{}}}} }}", null },
        { "Certificate", $"{{ {Leaf}, keystores: {{jks: {{create: true, password: changeit}}, pkcs12: {{create: true, passwordSecretRef: {{name: p}}}}}} }}", null },
        { "Certificate", $"{{ {Leaf}, keystores: {{jks: {{create: true}}}} }}", Sentences.JksPassword },
        { "Certificate", $"{{ {Leaf}, keystores: {{jks: {{create: true, password: changeit, passwordSecretRef: {{name: p}}}}}} }}", Sentences.JksPassword },
        { "Certificate", $"{{ {Leaf}, keystores: {{pkcs12: {{create: true, password: \"\"}}}} }}", Sentences.Pkcs12Password },
        { "Issuer", "{selfSigned: {}}", null },
        { "ClusterIssuer", "{ca: {secretName: ca}}", null },
        { "Issuer", "{}", Sentences.OneSigner },
        { "ClusterIssuer", "{ca: {secretName: ca}, selfSigned: {}}", Sentences.OneSigner },
        { "Issuer", $"{{acme: {{ {Acme}, skipTLSVerify: true }}}}", null },
        { "Issuer", $"{{acme: {{ {Acme}, caBundle: AAAA, skipTLSVerify: false }}}}", null },
        { "Issuer", $"{{acme: {{ {Acme}, caBundle: AAAA, skipTLSVerify: true }}}}", Sentences.AcmeTrust },
        { "Issuer", "{acme: {server: \"http://acme.example.com\", privateKeySecretRef: {name: account}}}", Sentences.AcmeServer },
        { "Issuer", Solver("{}"), Sentences.OneChallenge },
        { "Issuer", Solver("{http01: {}, tlsAlpn01: {}}"), Sentences.OneChallenge },
        { "Issuer", Solver("{tlsAlpn01: {}}"), null },
        { "Issuer", Solver("{http01: {ingress: {class: nginx}}}"), null },
        { "Issuer", Solver("{http01: {ingress: {ingressClassName: nginx}}}"), null },
        { "Issuer", Solver("{http01: {ingress: {class: nginx, ingressClassName: nginx}}}"), Sentences.OneClass },
        { "Issuer", Solver("{http01: {ingress: {}, gatewayHTTPRoute: {}}}"), Sentences.OneHttpRoute },
        { "Issuer", Solver("{dns01: {}}"), Sentences.OneProvider },
        { "Issuer", Solver("{dns01: {route53: {}, digitalocean: {tokenSecretRef: {name: token}}}}"), Sentences.OneProvider },
        { "Issuer", Solver("{dns01: {challengeType: dns-account-01}}"), Sentences.OneProvider },
        { "Issuer", Solver("{dns01: {challengeType: dns-persist-01}}"), null },
        { "Issuer", Solver("{dns01: {challengeType: dns-persist-01, route53: {}}}"), null },
        { "Issuer", Solver("{dns01: {challengeType: dns-persist-01, route53: {}, digitalocean: {tokenSecretRef: {name: token}}}}"), Sentences.OneProvider },
        { "Issuer", Solver("{dns01: {challengeType: dns-persist-01, acmeDNS: {host: a.example.com, accountSecretRef: {name: a}}}}"), Sentences.ForgetfulProvider },
        { "Issuer", Solver("{dns01: {challengeType: dns-account-01, acmeDNS: {host: a.example.com, accountSecretRef: {name: a}}}}"), null },
        { "Issuer", Solver("{dns01: {challengeType: dns-persist-01, persistUntil: \"2030-01-01T00:00:00Z\"}}"), null },
        { "Issuer", Solver("{dns01: {challengeType: dns-account-01, route53: {}, persistUntil: \"2030-01-01T00:00:00Z\"}}"), Sentences.PersistUntil },
        { "Issuer", Solver("{dns01: {rfc2136: {nameserver: ns.example.com}}}"), null },
        { "Issuer", Solver("{dns01: {rfc2136: {nameserver: ns.example.com, tsigKeyName: key, tsigSecretSecretRef: {name: key}}}}"), null },
        { "Issuer", Solver("{dns01: {rfc2136: {nameserver: ns.example.com, tsigKeyName: key}}}"), Sentences.TsigKey },
        { "Issuer", Solver("{dns01: {cloudflare: {apiTokenSecretRef: {name: token}}}}"), null },
        { "Issuer", Solver("{dns01: {cloudflare: {email: a@example.com, apiKeySecretRef: {name: key}}}}"), null },
        { "Issuer", Solver("{dns01: {cloudflare: {email: a@example.com}}}"), Sentences.CloudflareCredentials },
        { "Issuer", Solver("{dns01: {cloudflare: {apiKeySecretRef: {name: key}}}}"), Sentences.CloudflareEmail },
        { "Issuer", Solver("{dns01: {route53: {role: r, auth: {kubernetes: {serviceAccountRef: {name: dns}}}}}}"), null },
        { "Issuer", Solver("{dns01: {route53: {auth: {kubernetes: {serviceAccountRef: {name: dns}}}}}}"), Sentences.AuthRole },
        { "Issuer", Solver("{dns01: {route53: {role: r, secretAccessKeySecretRef: {name: aws}, auth: {kubernetes: {serviceAccountRef: {name: dns}}}}}}"), Sentences.AuthOrKey },
        { "Issuer", Solver("{dns01: {azureDNS: {subscriptionID: s, resourceGroupName: r, managedIdentity: {clientID: c}}}}"), null },
        { "Issuer", Solver("{dns01: {azureDNS: {subscriptionID: s, resourceGroupName: r, managedIdentity: {clientID: c, resourceID: r}}}}"), Sentences.ManagedIdentity },
    };

    [Theory]
    [MemberData(nameof(Specs))]
    public void The_API_server_and_the_operator_say_the_same(string kind, string yaml, string? sentence)
    {
        JsonObject spec = Spec(yaml);
        string[] refused = [.. Rules(SchemaOf(kind), spec).Where(rule => !Cel.Holds(rule.Text, rule.Self)).Select(rule => rule.Message)];
        IReadOnlyList<string> problems = Check(kind, spec);

        Assert.Equal(sentence is null ? [] : [sentence], refused);
        Assert.True(problems.Count == refused.Length, string.Join(' ', problems));
        Assert.All(refused, message => Assert.True(Says(problems.Single(), message), $"{problems.Single()} / {message}"));
    }

    [Fact]
    public void Every_rule_is_broken_by_one_of_them_and_met_by_another()
    {
        var judged = Specs.Select(row => row.Data).SelectMany(row => Rules(SchemaOf(row.Item1), Spec(row.Item2)))
            .ToLookup(rule => (rule.Text, rule.Message), rule => Cel.Holds(rule.Text, rule.Self));
        var all = ((string[])["Certificate", "Issuer", "ClusterIssuer"]).SelectMany(kind => All(SchemaOf(kind))).ToHashSet();
        Assert.Equal(all, judged.Select(rule => rule.Key).ToHashSet());
        Assert.All(judged, rule => Assert.Equal([false, true], rule.Distinct().Order()));
    }

    /// <summary>The operator's sentence is the API server's, with the path of the field before it and values behind the names of fields.</summary>
    private static bool Says(string problem, string message)
    {
        var words = new Queue<string>(Words(message));
        foreach (string word in Words(problem))
        {
            if (words.TryPeek(out string? next) && next == word)
                words.Dequeue();
        }

        return words.Count == 0;

        static IEnumerable<string> Words(string sentence) => sentence.Split(' ').Select(word => word.Trim(',', ':', '.'));
    }

    private static string Solver(string solver) => $"{{acme: {{ {Acme}, solvers: [{solver}] }}}}";

    private static JsonObject Spec(string yaml) => YamlReader.Read($"spec: {yaml}").Single().Root["spec"]!.AsObject();

    private static IReadOnlyList<string> Check(string kind, JsonObject spec)
    {
        if (kind != Certificate.Type.Kind)
            return IssuerRules.Check(spec.Deserialize(ApiJson.Default.IssuerSpec));
        DesiredCertificate.From(spec.Deserialize(ApiJson.Default.CertificateSpec)!, out IReadOnlyList<string> problems);
        return problems;
    }

    private static JsonNode SchemaOf(string kind) => Definitions.Single(definition => (string?)definition["spec"]!["names"]!["kind"] == kind)
        ["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!;

    /// <summary>The rules that the API server applies to a value, and to what is in it.</summary>
    private static IEnumerable<(string Text, string Message, JsonNode Self)> Rules(JsonNode schema, JsonNode value) =>
    [
        .. Own(schema).Select(rule => (rule.Text, rule.Message, value)),
        .. value switch
        {
            JsonObject fields => fields.Where(field => schema["properties"]?[field.Key] is not null).SelectMany(field => Rules(schema["properties"]![field.Key]!, field.Value!)),
            JsonArray items => items.SelectMany(item => Rules(schema["items"]!, item!)),
            _ => [],
        },
    ];

    private static IEnumerable<(string Text, string Message)> All(JsonNode schema) =>
    [
        .. Own(schema),
        .. (schema["properties"]?.AsObject() ?? []).SelectMany(property => All(property.Value!)),
        .. schema["items"] is { } items ? All(items) : [],
    ];

    private static IEnumerable<(string Text, string Message)> Own(JsonNode schema)
        => (schema["x-kubernetes-validations"]?.AsArray() ?? []).Select(rule => ((string)rule!["rule"]!, (string)rule["message"]!));
}
