using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Controllers.BadInput;
using CertOperator.Pki;
using CertOperator.Pki.Formats;
using CertOperator.Pki.Keys;
using CertOperator.Pki.Requests;
using CertOperator.Pki.Signing;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;

namespace CertOperator.Audit;

/// <summary>Key pairs of every quality for web.example.com, below a root and an intermediate, issued at <see cref="Issued"/> for 90 days.</summary>
internal static class KeyPairFixture
{
    public const string Host = "web.example.com";

    public static readonly DateTimeOffset Issued = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly PrivateKey Key = PrivateKey.Generate(KeyAlgorithm.Ecdsa, 256);
    private static readonly CertificateAuthority Root = Authority("Root");
    private static readonly CertificateAuthority Between = Below(Root);

    /// <summary>A Secret by what is in it.</summary>
    public static Secret Of(string content) => content switch
    {
        "good" => Secret([Leaf(), Between.Chain[0]]),
        "with its root in ca.crt" => Secret([Leaf(), Between.Chain[0]], anchors: [Root.Chain[0]]),
        "below a root" => Secret([Leaf(issuer: Root)]),
        "below a root in ca.crt" => Secret([Leaf(issuer: Root)], anchors: [Root.Chain[0]]),
        "self-signed" => Secret([CertificateAuthority.SelfSign(Profile([Host]), Key, TimeSpan.FromDays(90), Issued)]),
        "wildcard" => Secret([Leaf(["*.example.com"]), Between.Chain[0]]),
        "other host" => Secret([Leaf(["api.example.com", "*.web.example.com"]), Between.Chain[0]]),
        "no host" => Secret([Leaf([]), Between.Chain[0]]),
        "key of another" => Secret([Leaf(key: PrivateKey.Generate(KeyAlgorithm.Ecdsa, 256)), Between.Chain[0]]),
        "leaf alone" => Secret([Leaf(urls: new IssuingUrls { IssuingCertificateUrls = ["http://ca.example.com/ca.crt"] })]),
        "leaf alone, root in ca.crt" => Secret([Leaf()], anchors: [Root.Chain[0]]),
        "strange root" => Secret([Leaf(), Authority("Strange").Chain[0]]),
        "intermediate first" => Secret([Between.Chain[0], Leaf()]),
        "root before intermediate" => Secret([Leaf(), Root.Chain[0], Between.Chain[0]]),
        "with root" => Secret([Leaf(), Between.Chain[0], Root.Chain[0]]),
        "forged" => Secret([Leaf(issuer: Below(Root)), Between.Chain[0]]),
        "for clients" => Secret([Leaf(usages: "client auth"), Between.Chain[0]]),
        "short intermediate" => Short(),
        "RSA-1024" => Foreign(RSA.Create(1024)),
        "SHA-1" => Foreign(RSA.Create(2048), key => new Sha1Signer(key)),
        "no PEM" => Secret("nothing"u8.ToArray(), "nothing"u8.ToArray()),
        "no key" => Secret(Pem.Write([Leaf()]), []),
        _ => throw new ArgumentException($"There is no key pair \"{content}\".", nameof(content)),
    };

    /// <summary>The same as a manifest of shop/web.</summary>
    public static JsonObject Manifest(string content, string type = Api.Secret.TlsType)
    {
        Secret pair = Of(content);
        return CaSecrets.Secret("web", pair.Data![SecretEntries.Certificate], pair.Data[SecretEntries.PrivateKey], type);
    }

    public static SecretFacts Facts(string content) => new SecretReader().Read(Of(content));

    private static IssuedCertificate Leaf(
        string[]? hosts = null, CertificateAuthority? issuer = null, PrivateKey? key = null, IssuingUrls? urls = null, string usages = "server auth")
        => (issuer ?? Between).Issue(Profile(hosts ?? [Host], usages), (key ?? Key).PublicKeyInfo, TimeSpan.FromDays(90), Issued, urls);

    private static CertificateProfile Profile(string[] hosts, string usages = "server auth") => new()
    {
        Subject = DistinguishedName.FromParts(Host, SubjectParts.Empty),
        Names = new SubjectNames { DnsNames = hosts },
        Usages = ["digital signature", usages],
    };

    private static CertificateAuthority Authority(string name)
    {
        var key = PrivateKey.Generate(KeyAlgorithm.Ecdsa, 256);
        return new CertificateAuthority([CertificateAuthority.SelfSign(Ca(name), key, TimeSpan.FromDays(3650), Issued)], key);
    }

    private static CertificateAuthority Below(CertificateAuthority issuer, int days = 1000)
    {
        var key = PrivateKey.Generate(KeyAlgorithm.Ecdsa, 256);
        return new CertificateAuthority([issuer.Issue(Ca("Between"), key.PublicKeyInfo, TimeSpan.FromDays(days), Issued), .. issuer.Chain], key);
    }

    private static CertificateProfile Ca(string name) => new()
    {
        Subject = DistinguishedName.FromParts(name, SubjectParts.Empty),
        IsCa = true,
        Usages = ["cert sign", "crl sign"],
    };

    /// <summary>A chain that ends before its leaf does.</summary>
    private static Secret Short()
    {
        var key = PrivateKey.Generate(KeyAlgorithm.Ecdsa, 256);
        IssuedCertificate Issue(int days) => Root.Issue(Ca("Between"), key.PublicKeyInfo, TimeSpan.FromDays(days), Issued);
        return Secret([Leaf(issuer: new CertificateAuthority([Issue(1000), Root.Chain[0]], key)), Issue(40)]);
    }

    /// <summary>What no tool of ours makes.</summary>
    private static Secret Foreign(RSA key, Func<RSA, X509SignatureGenerator>? signer = null)
    {
        var request = new CertificateRequest($"CN={Host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Host);
        request.CertificateExtensions.Add(names.Build());
        X509SignatureGenerator generator = signer?.Invoke(key) ?? X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1);
        using X509Certificate2 leaf = request.Create(new X500DistinguishedName("CN=Issuer"), generator, Issued, Issued.AddDays(90), [1]);
        return Secret(Encoding.ASCII.GetBytes(leaf.ExportCertificatePem()), Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
    }

    private static Secret Secret(IReadOnlyList<IssuedCertificate> chain, IReadOnlyList<IssuedCertificate>? anchors = null)
        => Secret(Pem.Write(chain), Key.ToPem(KeyEncoding.Pkcs8), anchors is null ? null : Pem.Write(anchors));

    private static Secret Secret(byte[] certificate, byte[] key, byte[]? anchors = null)
    {
        var data = new Dictionary<string, byte[]> { [SecretEntries.Certificate] = certificate, [SecretEntries.PrivateKey] = key };
        if (anchors is not null)
            data[SecretEntries.Ca] = anchors;
        return new Secret { Metadata = new ObjectMeta { Name = "web", Namespace = "shop" }, SecretType = Api.Secret.TlsType, Data = data };
    }

    /// <summary>.NET itself refuses to sign certificates so.</summary>
    private sealed class Sha1Signer(RSA key) : X509SignatureGenerator
    {
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => Convert.FromHexString("300D06092A864886F70D0101050500");

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => key.SignData(data, HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1);

        protected override System.Security.Cryptography.X509Certificates.PublicKey BuildPublicKey() => new(key);
    }
}
