using System.Security.Cryptography.X509Certificates;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.State;

namespace CertOperator.Testing.Acme.Handlers;

/// <summary>From a finalized order to its certificate.</summary>
internal sealed class Issuer(AcmeWorld world)
{
    public FakeCertificate Issue(FakeOrder order)
    {
        var lifetime = order.Profile is { } profile ? world.Options.Profiles[profile] : world.Options.Lifetime;
        var content = new LeafContent
        {
            Key = PublicKey.CreateFromSubjectPublicKeyInfo(order.KeyInfo, out _),
            Names = order.Names,
            NotBefore = order.NotBefore ?? world.Now,
            NotAfter = order.NotAfter ?? (order.NotBefore ?? world.Now) + lifetime,
        };
        world.Behaviour.Issue?.Invoke(content);
        var leaf = world.Authority.Issue(content);
        var certificate = new FakeCertificate(world.NewId(), order.Account, order.Names, leaf, world.Authority.Chains(leaf));
        world.Certificates.Add(certificate.Id, certificate);
        return certificate;
    }
}
