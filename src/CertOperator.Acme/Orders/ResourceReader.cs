using System.Text.Json;
using CertOperator.Acme.Challenges;
using CertOperator.Acme.Errors;
using CertOperator.Acme.Protocol;
using CertOperator.Acme.Protocol.Wire;

namespace CertOperator.Acme.Orders;

/// <summary>Makes orders, authorizations and challenges of what a server sent.</summary>
internal static class ResourceReader
{
    private const int MaxWord = 64;

    /// <param name="stage">What was asked for.</param>
    /// <param name="reply">The answer.</param>
    /// <param name="url">The order's own address, whatever the answer's headers say.</param>
    /// <param name="allowHttp">For tests.</param>
    public static Order ReadOrder(AcmeStage stage, AcmeReply reply, Uri url, bool allowHttp)
    {
        var wire = WireReader.Read(stage, reply, WireJson.Default.WireOrder);
        return new Order
        {
            Url = url,
            Status = Parse<OrderStatus>(wire.Status),
            StatusText = Word(wire.Status),
            ExpiresAt = WireReader.Time(wire.Expires),
            Identifiers = [.. Limited(stage, reply, "identifiers", wire.Identifiers, AcmeLimits.Identifiers).Select(name => ReadIdentifier(stage, reply, name))],
            Authorizations = [.. Limited(stage, reply, "authorizations", wire.Authorizations, AcmeLimits.Identifiers).Select(text => WireReader.Url(stage, reply, "authorization", text, allowHttp))],
            Finalize = WireReader.Url(stage, reply, "finalize", wire.Finalize, allowHttp),
            Certificate = wire.Certificate is null ? null : WireReader.Url(stage, reply, "certificate", wire.Certificate, allowHttp),
            NotBefore = WireReader.Time(wire.NotBefore),
            NotAfter = WireReader.Time(wire.NotAfter),
            Error = ReadProblem(wire.Error),
            Replaces = Optional(wire.Replaces),
            Profile = Optional(wire.Profile),
            RetryAfter = reply.RetryAfter,
        };
    }

    public static Authorization ReadAuthorization(AcmeReply reply, Uri url, bool allowHttp)
    {
        const AcmeStage Stage = AcmeStage.Authorization;
        var wire = WireReader.Read(Stage, reply, WireJson.Default.WireAuthorization);
        var name = ReadIdentifier(Stage, reply, wire.Identifier);
        return new Authorization
        {
            Url = url,
            Identifier = wire.Wildcard == true && !name.IsWildcard ? Identifier.Dns($"*.{name.Value}") : name,
            Status = Parse<AuthorizationStatus>(wire.Status),
            StatusText = Word(wire.Status),
            ExpiresAt = WireReader.Time(wire.Expires),
            Challenges = [.. Limited(Stage, reply, "challenges", wire.Challenges, AcmeLimits.Challenges).OfType<WireChallenge>().Select(c => ReadChallenge(c, allowHttp)).OfType<Challenge>()],
            RetryAfter = reply.RetryAfter,
        };
    }

    public static Challenge ReadChallenge(AcmeReply reply, bool allowHttp)
        => ReadChallenge(WireReader.Read(AcmeStage.Challenge, reply, WireJson.Default.WireChallenge), allowHttp) is { } challenge
            ? challenge with { RetryAfter = reply.RetryAfter }
            : throw Failures.Unreadable(AcmeStage.Challenge, reply.Url, "the answer is no challenge");

    // One that cannot be used is passed over: others may do.
    private static Challenge? ReadChallenge(WireChallenge wire, bool allowHttp)
    {
        if (string.IsNullOrEmpty(wire.Type) || AcmeUri.Parse(wire.Url, allowHttp) is not { } url) return null;
        if (wire.Token is not null && !KeyAuthorization.IsToken(wire.Token)) return null;
        return new Challenge
        {
            Type = Word(wire.Type),
            Url = url,
            Status = Parse<ChallengeStatus>(wire.Status),
            Token = wire.Token,
            ValidatedAt = WireReader.Time(wire.Validated),
            Error = ReadProblem(wire.Error),
            Extensions = wire.Extensions ?? [],
        };
    }

    private static AcmeProblem? ReadProblem(JsonElement? element) => element is { } value ? ProblemParser.Parse(value) : null;

    private static Identifier ReadIdentifier(AcmeStage stage, AcmeReply reply, WireIdentifier? wire)
        => wire is { Type: { Length: > 0 and <= MaxWord } type, Value: { Length: > 0 and <= 256 } value }
            ? new Identifier(Word(type), PrintableText.Clean(value, 256)).Canonical()
            : throw Failures.Unreadable(stage, reply.Url, "an identifier in it is none");

    private static List<T> Limited<T>(AcmeStage stage, AcmeReply reply, string name, List<T>? items, int max) => items switch
    {
        null => [],
        { Count: var count } when count > max => throw Failures.Unreadable(stage, reply.Url, $"it lists {count} {name}: at most {max} are taken"),
        _ => items,
    };

    private static T Parse<T>(string? text)
        where T : struct, Enum
        => text is { Length: > 0 } && char.IsAsciiLetterLower(text[0]) && Enum.TryParse<T>(text, ignoreCase: true, out var value) && value.ToString().Equals(text, StringComparison.OrdinalIgnoreCase)
            ? value
            : default;

    private static string Word(string? text) => PrintableText.Clean(text ?? "", MaxWord);

    private static string? Optional(string? text) => text is null ? null : PrintableText.Clean(text, 256);
}
