using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CertOperator.Testing.Acme.Faults;

namespace CertOperator.Testing.Acme.State;

/// <summary>
/// The server's CA: one line of intermediates below the default root; every alternate root has signed the topmost of them, too.
/// </summary>
internal sealed class FakeAuthority : IDisposable
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly TimeSpan Backdated = TimeSpan.FromHours(1);

    private readonly List<X509Certificate2> _roots = [];
    private readonly List<IReadOnlyList<X509Certificate2>> _chains = [];
    private readonly List<ECDsa> _keys = [];
    private readonly X509Certificate2 _issuer;

    public FakeAuthority(FakeAcmeOptions options)
    {
        var now = options.Time.GetUtcNow();
        for (var i = 0; i <= options.AlternateRoots; i++)
        {
            _roots.Add(MakeRoot($"CN=Fake ACME root {i}", now));
        }

        var keys = Enumerable.Range(0, options.ChainLength).Select(_ => NewKey()).ToArray();
        var tops = _roots.Select(root => MakeIntermediate(0, keys[0], root, now)).ToArray();
        var below = new List<X509Certificate2>();
        for (var i = 1; i < keys.Length; i++)
        {
            below.Insert(0, MakeIntermediate(i, keys[i], below.Count == 0 ? tops[0] : below[0], now));
        }

        _issuer = below.Count == 0 ? tops[0] : below[0];
        _chains.AddRange(tops.Select(top => (IReadOnlyList<X509Certificate2>)[.. below, top]));
    }

    /// <summary>The default root first.</summary>
    public IReadOnlyList<X509Certificate2> Roots => [.. _roots.Select(root => X509CertificateLoader.LoadCertificate(root.RawData))];

    public X509Certificate2 Issue(LeafContent content)
    {
        var request = new CertificateRequest(new X500DistinguishedName(""), content.Key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in content.Names)
        {
            if (name.Type == "ip") names.AddIpAddress(System.Net.IPAddress.Parse(name.Value));
            else names.AddDnsName(name.Value);
        }

        request.CertificateExtensions.Add(names.Build(critical: true));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([ServerAuthentication], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_issuer, true, false));
        return request.Create(
            _issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(_issuer.GetECDsaPrivateKey()!), content.NotBefore, content.NotAfter, Serial());
    }

    /// <summary>The chains of a leaf in PEM; the root is in none of them.</summary>
    public IReadOnlyList<string> Chains(X509Certificate2 leaf) =>
        [.. _chains.Select(chain => string.Join('\n', chain.Prepend(leaf).Select(c => c.ExportCertificatePem())) + "\n")];

    public void Dispose()
    {
        _roots.ForEach(root => root.Dispose());
        foreach (var certificate in _chains.SelectMany(chain => chain).Distinct())
        {
            certificate.Dispose();
        }

        _keys.ForEach(key => key.Dispose());
    }

    // The first octet is 1 to 127: positive, and never shortened.
    private static byte[] Serial() => [(byte)RandomNumberGenerator.GetInt32(1, 128), .. RandomNumberGenerator.GetBytes(15)];

    private X509Certificate2 MakeRoot(string name, DateTimeOffset now)
    {
        var request = AuthorityRequest(name, NewKey());
        return request.CreateSelfSigned(now - Backdated, now.AddYears(20));
    }

    private X509Certificate2 MakeIntermediate(int number, ECDsa key, X509Certificate2 issuer, DateTimeOffset now)
    {
        var request = AuthorityRequest($"CN=Fake ACME intermediate {number}", key);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, true, false));
        using var certificate = request.Create(issuer, now - Backdated, now.AddYears(10), Serial());
        return certificate.CopyWithPrivateKey(key);
    }

    private CertificateRequest AuthorityRequest(string name, ECDsa key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request;
    }

    private ECDsa NewKey()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _keys.Add(key);
        return key;
    }
}
