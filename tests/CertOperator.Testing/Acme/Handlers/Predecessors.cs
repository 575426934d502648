using CertOperator.Testing.Acme.Protocol;
using CertOperator.Testing.Acme.State;

namespace CertOperator.Testing.Acme.Handlers;

/// <summary>What an order may replace (RFC 9773 section 5).</summary>
internal static class Predecessors
{
    public static FakeCertificate? Find(AcmeWorld world, string? renewalId, FakeAccount account, IReadOnlyList<OrderedName> names)
    {
        if (renewalId is null) return null;
        if (!world.Options.HasRenewalInfo) throw Refusal.Malformed("replaces is not supported");
        var predecessor = world.Certificates.Values.FirstOrDefault(c => c.RenewalId == renewalId)
            ?? throw Refusal.NotFound("the certificate to be replaced");
        if (predecessor.Account != account) throw Refusal.Unauthorized("the account did not request the certificate to be replaced");
        if (!predecessor.Names.Intersect(names).Any()) throw Refusal.Malformed("the order shares no identifier with the certificate to be replaced");
        if (world.Orders.Values.FirstOrDefault(o => o.Replaces == predecessor && o.Status != "invalid") is { } successor)
        {
            throw Refusal.Of(409, "alreadyReplaced", $"the certificate is already replaced by order {successor.Id}");
        }

        return predecessor;
    }
}
