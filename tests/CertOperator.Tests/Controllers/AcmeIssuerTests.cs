using CertOperator.Api;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Controllers;

public class AcmeIssuerTests
{
    [Fact]
    public async Task An_issuer_that_nothing_can_sign_for_is_not_ready_and_its_Certificates_say_so()
    {
        await using var world = new World();
        world.Apply("""
            apiVersion: certoperator.io/v1
            kind: Issuer
            metadata: {name: acme, namespace: shop}
            spec: {acme: {server: https://acme.example.com/directory, privateKeySecretRef: {name: account} } }
            """);
        world.Apply(Samples.Certificate("web", issuer: "acme"));

        await world.SettleAsync();

        Issuer issuer = (await world.Client.FindAsync<Issuer>(new ObjectKey("shop", "acme"), CancellationToken.None))!;
        Condition ready = Conditions.Find(issuer.Status?.Conditions, ConditionTypes.Ready)!;
        Assert.Equal((ConditionTypes.False, "AcmeNotServed"), (ready.Status, ready.Reason));
        Assert.Contains(ready.Message!, (await world.ReadyAsync("web")).Message, StringComparison.Ordinal);
    }
}
