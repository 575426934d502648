using CertOperator.Pki.Formats;
using CertOperator.Pki.Keys;
using CertOperator.Pki.Requests;
using CertOperator.Pki.Signing;

namespace CertOperator.Pki.Tests.Signing;

/// <summary>Certificates and requests of every kind of key with every set of extensions, read and verified by openssl.</summary>
public sealed class OpenSslReadsTests : IClassFixture<KeyRing>
{
    private static readonly (KeyAlgorithm Algorithm, int Size)[] Keys =
    [
        (KeyAlgorithm.Rsa, 2048), (KeyAlgorithm.Rsa, 3072), (KeyAlgorithm.Ecdsa, 256), (KeyAlgorithm.Ecdsa, 384), (KeyAlgorithm.Ecdsa, 521),
        (KeyAlgorithm.Ed25519, 256),
    ];

    private static readonly string[] ExtensionSets = ["plain", "names", "usages", "no subject", "urls", "ca", "constrained ca", "all"];

    private static readonly IssuingUrls Urls =
        new(["http://crl.example.org/ca.crl"], ["http://ocsp.example.org"], ["http://ca.example.org/ca.crt"]);

    private readonly KeyRing _keys;

    public OpenSslReadsTests(KeyRing keys) => _keys = keys;

    public static TheoryData<KeyAlgorithm, int, KeyEncoding, string> Combinations
    {
        get
        {
            var data = new TheoryData<KeyAlgorithm, int, KeyEncoding, string>();
            foreach (var (algorithm, size) in Keys)
                foreach (var encoding in Enum.GetValues<KeyEncoding>())
                    foreach (var set in ExtensionSets)
                        data.Add(algorithm, size, encoding, set);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void OpenSSL_verifies_what_is_issued_and_finds_each_extension(KeyAlgorithm algorithm, int size, KeyEncoding encoding, string set)
    {
        using var folder = new TemporaryFolder();
        var keyPem = _keys.Of(algorithm, size).ToPem(encoding);
        using var key = PrivateKey.ReadPem(keyPem);
        using var ca = Some.Root(key: key);
        var profile = Profile(set);
        var certificate = ca.Issue(profile, key.PublicKeyInfo, Some.Duration, Some.Now, set is "urls" or "all" ? Urls : null);
        var file = folder.Write("certificate.pem", Pem.Write([certificate]));

        var text = Tool.Read("openssl", "x509", "-in", file, "-noout", "-text");
        var publicKey = Tool.Read("openssl", "pkey", "-in", folder.Write("key.pem", keyPem), "-pubout");

        Assert.All(Expected(set), line => Assert.Contains(line, text));
        Assert.Equal(publicKey, Tool.Read("openssl", "x509", "-in", file, "-noout", "-pubkey"));
        Assert.Contains(": OK", Tool.Read(
            "openssl", "verify", "-x509_strict", "-check_ss_sig", "-attime", $"{Some.Now.ToUnixTimeSeconds()}",
            "-CAfile", folder.Write("ca.pem", Pem.Write(ca.Chain)), file));
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void OpenSSL_verifies_what_is_requested(KeyAlgorithm algorithm, int size, KeyEncoding encoding, string set)
    {
        using var folder = new TemporaryFolder();
        using var key = PrivateKey.ReadPem(_keys.Of(algorithm, size).ToPem(encoding));
        var file = folder.Write("request.der", SigningRequest.Create(Profile(set), key));

        var text = Tool.Read("openssl", "req", "-in", file, "-inform", "DER", "-noout", "-text", "-verify");

        Assert.Contains("verify OK", text);
        Assert.All(Expected(set).Where(line => !line.Contains("http://")), line => Assert.Contains(line, text));
    }

    [Fact]
    public void OpenSSL_verifies_a_chain_with_a_hash_for_each_curve()
    {
        using var folder = new TemporaryFolder();
        using var root = Some.Root(key: PrivateKey.Generate(KeyAlgorithm.Ecdsa, 384));
        using var intermediate = Some.Intermediate(root);
        var leaf = Some.Leaf(intermediate, "example.org");

        var output = Tool.Read(
            "openssl", "verify", "-x509_strict", "-attime", $"{Some.Now.ToUnixTimeSeconds()}", "-verify_hostname", "example.org", "-purpose", "sslserver",
            "-CAfile", folder.Write("root.pem", Pem.Write(root.Chain)),
            "-untrusted", folder.Write("intermediate.pem", Pem.Write([intermediate.Chain[0]])),
            folder.Write("leaf.pem", Pem.Write([leaf])));

        Assert.Contains(": OK", output);
        Assert.Equal("1.2.840.10045.4.3.3", intermediate.Chain[0].SignatureAlgorithmOid);
        Assert.Equal("1.2.840.10045.4.3.2", leaf.SignatureAlgorithmOid);
    }

    private static CertificateProfile Profile(string set)
    {
        var names = new SubjectNames(
            ["www.example.org", "*.example.org"],
            ["192.0.2.7", "2001:db8::7"],
            ["spiffe://example.org/workload"],
            ["ops@example.org"],
            [new OtherName("1.3.6.1.4.1.311.20.2.3", "ops@corp.example")]);
        var plain = new CertificateProfile { Subject = Some.Name("plain"), Usages = ["digital signature"] };
        var constraints = new NameConstraints
        {
            Critical = true,
            Permitted = new NameSubtrees(["example.org"], ["10.0.0.0/8", "2001:db8::/32"], ["example.org"], [".example.org"]),
            Excluded = new NameSubtrees { DnsDomains = ["forbidden.example.org"] },
        };
        return set switch
        {
            "names" => plain with { Names = names },
            "usages" => plain with { Usages = [.. KeyUsageNames.All.Except(["cert sign"])] },
            "no subject" => plain with { Subject = DistinguishedName.Empty, Names = names },
            "ca" => Some.CaProfile("below") with { PathLength = 0 },
            "constrained ca" => Some.CaProfile("below") with { NameConstraints = constraints },
            "all" => Some.CaProfile("below") with { NameConstraints = constraints, PathLength = 3, Names = names, Usages = KeyUsageNames.All },
            _ => plain,
        };
    }

    private static string[] Expected(string set)
    {
        string[] names = ["DNS:www.example.org", "DNS:*.example.org", "IP Address:192.0.2.7", "IP Address:2001:DB8:0:0:0:0:0:7",
            "URI:spiffe://example.org/workload", "email:ops@example.org", "UPN::ops@corp.example"];
        string[] usages = ["Digital Signature, Non Repudiation, Key Encipherment, Data Encipherment, Key Agreement", "Encipher Only, Decipher Only",
            "TLS Web Server Authentication", "TLS Web Client Authentication", "Code Signing", "E-mail Protection", "IPSec End System", "IPSec Tunnel",
            "IPSec User", "Time Stamping", "OCSP Signing", "Microsoft Server Gated Crypto", "Netscape Server Gated Crypto", "Any Extended Key Usage"];
        string[] constraints = ["Name Constraints: critical", "DNS:example.org", "IP:10.0.0.0/255.0.0.0",
            "IP:2001:DB8:0:0:0:0:0:0/FFFF:FFFF:0:0:0:0:0:0", "email:example.org", "URI:.example.org", "DNS:forbidden.example.org"];
        string[] urls = ["URI:http://crl.example.org/ca.crl", "OCSP - URI:http://ocsp.example.org", "CA Issuers - URI:http://ca.example.org/ca.crt"];
        return set switch
        {
            "names" => [.. names, "X509v3 Subject Alternative Name: \n"],
            "usages" => usages,
            "no subject" => [.. names, "X509v3 Subject Alternative Name: critical"],
            "urls" => urls,
            "ca" => ["CA:TRUE, pathlen:0", "Certificate Sign, CRL Sign"],
            "constrained ca" => ["CA:TRUE", .. constraints],
            "all" => [.. names, .. constraints, .. urls, "CA:TRUE, pathlen:3"],
            _ => ["CN = plain", "X509v3 Key Usage: critical\n", "Digital Signature"],
        };
    }
}
