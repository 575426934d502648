using CertOperator.Pki.Keys;
using CertOperator.Pki.Signing;

namespace CertOperator.Pki.Tests.Signing;

/// <summary>A root, an intermediate below it, and a leaf for example.org below that.</summary>
internal sealed class AuthorityFixture : IDisposable
{
    public AuthorityFixture()
    {
        Root = Some.Root();
        Intermediate = Some.Intermediate(Root);
        Leaf = Intermediate.Issue(Some.Profile("example.org"), Key.PublicKeyInfo, Some.Duration, Some.Now);
    }

    public CertificateAuthority Root { get; }

    public CertificateAuthority Intermediate { get; }

    public PrivateKey Key { get; } = Some.Key();

    public IssuedCertificate Leaf { get; }

    public IssuedCertificate RootCertificate => Root.Chain[0];

    public IssuedCertificate IntermediateCertificate => Intermediate.Chain[0];

    public void Dispose()
    {
        Root.Dispose();
        Intermediate.Dispose();
        Key.Dispose();
    }
}
