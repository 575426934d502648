using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CertOperator.Acme.Issuance;
using CertOperator.Acme.Orders;

namespace CertOperator.Acme.Tests;

/// <summary>Valid things of which a test changes what it is about.</summary>
internal static class Some
{
    public const string Token = "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA";

    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A name that no other test has.</summary>
    public static string Name() => $"n{Guid.NewGuid():N}.example.org";

    public static Identifier Identifier(string name) => IPAddress.TryParse(name, out var address) ? Orders.Identifier.Ip(address) : Orders.Identifier.Dns(name);

    public static ECDsa Key() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>PKCS#10 with an empty subject and a critical list of names.</summary>
    public static byte[] SigningRequest(ECDsa key, params IEnumerable<string> names)
        => new CertificateRequest("", key, HashAlgorithmName.SHA256) { CertificateExtensions = { Names(names) } }.CreateSigningRequest();

    /// <summary>A job with a key of its own, validated by what comes first of the types.</summary>
    public static OrderJob Job(IEnumerable<string> names, params string[] types)
    {
        var all = names.ToArray();
        using var key = Key();
        var request = SigningRequest(key, all);
        return new OrderJob([.. all.Select(Identifier)], _ => new(request), _ => types);
    }

    /// <summary>A self-signed certificate.</summary>
    public static X509Certificate2 Certificate(ECDsa key, params IEnumerable<string> names)
        => new CertificateRequest("CN=self", key, HashAlgorithmName.SHA256) { CertificateExtensions = { Names(names) } }
            .CreateSelfSigned(Now.AddDays(-1), Now.AddDays(89));

    private static X509Extension Names(IEnumerable<string> names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address)) builder.AddIpAddress(address);
            else builder.AddDnsName(name);
        }

        return builder.Build(critical: true);
    }
}
