using CertOperator.Testing.Acme.Faults;

namespace CertOperator.Testing.Acme.State;

internal sealed class FakeChallenge(string id, string type, string token, FakeAuthorization authorization)
{
    public string Id { get; } = id;

    public string Type { get; } = type;

    public string Token { get; } = token;

    public FakeAuthorization Authorization { get; } = authorization;

    public string Status { get; set; } = "pending";

    public ValidationFailure? Error { get; set; }

    public DateTimeOffset? Validated { get; set; }
}
