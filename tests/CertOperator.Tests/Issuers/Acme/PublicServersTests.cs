using CertOperator.Api;

namespace CertOperator.Issuers.Acme;

/// <summary>What is certain to be refused by a public CA costs no order.</summary>
public class PublicServersTests
{
    private const string LetsEncrypt = "https://acme-v02.api.letsencrypt.org/directory";

    [Theory]
    [InlineData(LetsEncrypt, "www.example.com", null)]
    [InlineData(LetsEncrypt, "*.a.b.c.d.e.f.g.h.example.com", null)]
    [InlineData(LetsEncrypt, "a.b.c.d.e.f.g.h.i.example.com", "The DNS name \"a.b.c.d.e.f.g.h.i.example.com\" has 11 labels: Let's Encrypt takes 10 at most.")]
    [InlineData("https://acme-staging-v02.api.letsencrypt.org/directory", "web", "The DNS name \"web\" has no dot, and public CAs sign for no internal names: use its full name, or another issuer.")]
    [InlineData("https://acme.zerossl.com/v2/DV90", "*.local", "The DNS name \"*.local\" has no dot, and public CAs sign for no internal names: use its full name, or another issuer.")]
    [InlineData("https://acme.zerossl.com/v2/DV90", "a.b.c.d.e.f.g.h.i.example.com", null)]
    [InlineData("https://dv.acme-v02.api.pki.goog/directory", "web.shop.svc.cluster.local", "The DNS name \"web.shop.svc.cluster.local\" ends with local, which is no public domain, and public CAs sign for no internal names: use another issuer for it.")]
    [InlineData("https://acme.company.example/directory", "web", null)]
    [InlineData("https://acme.company.example/directory", "web.shop.svc.cluster.local", null)]
    public void Names_that_are_not_public_are_told(string server, string name, string? problem)
    {
        Assert.Equal(problem, PublicServers.NameProblem(server, name));

        var spec = new CertificateSpec { SecretName = "web", IssuerRef = new IssuerRef { Name = "acme" }, DnsNames = [name] };
        Assert.Equal(problem, AcmeRequest.Problem(DesiredCertificate.From(spec, out _)!, server));
    }
}
