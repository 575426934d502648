namespace CertOperator.Testing.Acme.State;

internal sealed class FakeAuthorization(string id, FakeAccount account, OrderedName name, DateTimeOffset expires)
{
    public string Id { get; } = id;

    public FakeAccount Account { get; } = account;

    /// <summary>As ordered, with its star.</summary>
    public OrderedName Name { get; } = name;

    public DateTimeOffset Expires { get; set; } = expires;

    public string Status { get; set; } = "pending";

    public List<FakeChallenge> Challenges { get; } = [];

    /// <summary>How often it was looked at since a challenge is being validated.</summary>
    public int Looks { get; set; }
}
