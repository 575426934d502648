namespace CertOperator.Api;

/// <summary>
/// What a user reads who breaks a rule of a spec: from the API server, which checks it by CEL where the type says so, and from the
/// operator, which checks it again, since servers before 1.25 drop such rules. Below the spec, each puts the path of the field before it.
/// </summary>
internal static class Sentences
{
    public const string RenewBeforeTwice = "renewBefore and renewBeforePercentage exclude each other: remove one.";
    public const string Percentage = "renewBeforePercentage is out of range: use 1 to 99.";
    public const string RenewedForEver = "renewBefore is not shorter than the duration: it would be renewed for ever.";
    public const string LiteralSubject = "literalSubject excludes commonName and subject: put everything into one of them.";
    public const string ConstrainedLeaf = "nameConstraints need isCA: true; only a CA certificate can be constrained.";
    public const string History = "history is out of range: use 0 to 5.";
    public const string RsaSize = "privateKey.size is out of range for RSA: use 2048 to 8192.";
    public const string EcdsaSize = "privateKey.size is no curve for ECDSA: use 256, 384 or 521.";
    public const string JksPassword = "keystores.jks needs exactly one of password and passwordSecretRef.";
    public const string Pkcs12Password = "keystores.pkcs12 needs exactly one of password and passwordSecretRef.";

    public const string OneSigner = "The spec takes one way to sign, and only one: set acme, ca or selfSigned.";
    public const string UnboundCa = "allowCA and dnsNames exclude each other: what a CA signs is not seen, so allow it in a constraint of its own.";
    public const string AcmeServer = "server is no https URL: give that of the server's directory.";
    public const string AcmeTrust = "caBundle and skipTLSVerify exclude each other: keep caBundle.";
    public const string OneChallenge = "A solver takes exactly one of http01, dns01 and tlsAlpn01.";
    public const string OneHttpRoute = "http01 takes one of ingress and gatewayHTTPRoute.";
    public const string OneClass = "class and ingressClassName exclude each other: keep ingressClassName.";
    public const string OneProvider = "dns01 takes exactly one provider: rfc2136, cloudflare, route53, azureDNS, cloudDNS, digitalocean, acmeDNS, powerdns or webhook.";
    public const string ForgetfulProvider = "acmeDNS keeps no lasting record, which dns-persist-01 needs: use another provider, or none, and set the record yourself.";
    public const string PersistUntil = "persistUntil is for dns-persist-01: remove it, or set challengeType.";
    public const string TsigKey = "rfc2136 takes tsigKeyName and tsigSecretSecretRef together.";
    public const string CloudflareCredentials = "cloudflare takes one of apiTokenSecretRef and apiKeySecretRef.";
    public const string CloudflareEmail = "cloudflare needs email beside apiKeySecretRef.";
    public const string AuthRole = "route53 needs role beside auth: the one that trusts the service account.";
    public const string AuthOrKey = "route53 takes auth or an access key, not both: keep auth.";
    public const string ManagedIdentity = "A managed identity is named by clientID or by resourceID, not both.";

    /// <summary>The sentence with the value of a field behind its name, which the API server cannot put there.</summary>
    public static string With(string sentence, string field, object? value) => sentence.Replace(field, $"{field} {value}", StringComparison.Ordinal);
}
