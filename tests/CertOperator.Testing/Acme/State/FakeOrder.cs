using CertOperator.Testing.Acme.Faults;

namespace CertOperator.Testing.Acme.State;

internal sealed class FakeOrder(string id, FakeAccount account, IReadOnlyList<OrderedName> names, DateTimeOffset expires)
{
    public string Id { get; } = id;

    public FakeAccount Account { get; } = account;

    public IReadOnlyList<OrderedName> Names { get; } = names;

    public DateTimeOffset Expires { get; } = expires;

    public List<FakeAuthorization> Authorizations { get; } = [];

    public string Status { get; set; } = "pending";

    public string? Profile { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>The predecessor (RFC 9773 section 5).</summary>
    public FakeCertificate? Replaces { get; init; }

    public byte[]? KeyInfo { get; set; }

    public ValidationFailure? Error { get; set; }

    public FakeCertificate? Certificate { get; set; }

    /// <summary>How often it was looked at in its present state.</summary>
    public int Looks { get; set; }

    public void Enter(string status)
    {
        Status = status;
        Looks = 0;
    }
}
