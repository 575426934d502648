using CertOperator.Acme.Accounts;
using CertOperator.Acme.Challenges;
using CertOperator.Acme.Protocol;

namespace CertOperator.Acme.Issuance;

/// <summary>Whether a state that was read back may be acted upon. Whoever can write to it must not be able to direct signed requests elsewhere.</summary>
internal sealed class StateCheck
{
    private static readonly string[] Types =
        [ChallengeTypes.Http01, ChallengeTypes.Dns01, ChallengeTypes.TlsAlpn01, ChallengeTypes.DnsAccount01, ChallengeTypes.DnsPersist01];

    private readonly AcmeDirectory _directory;
    private readonly AcmeAccount _account;
    private readonly bool _allowHttp;

    public StateCheck(AcmeDirectory directory, AcmeAccount account, bool allowHttp)
    {
        _directory = directory;
        _account = account;
        _allowHttp = allowHttp;
    }

    public static bool IsKnownType(string type) => Types.Contains(type);

    public bool Accepts(OrderState state)
        => state.Directory.OriginalString == _directory.Url.OriginalString
            && state.Account.OriginalString == _account.Url.OriginalString
            && IsOfServer(state.Order)
            && state.Challenges.Count <= AcmeLimits.Identifiers
            && state.Challenges.All(Accepts);

    /// <summary>Whether a resource lies on the server that the directory or the account lies on.</summary>
    public bool IsOfServer(Uri url)
        => AcmeUri.Parse(url.OriginalString, _allowHttp) is { } parsed
            && new[] { _directory.Url, _directory.NewOrder, _account.Url }.Any(known => AcmeUri.IsSameOrigin(known, parsed));

    private bool Accepts(PendingChallenge? challenge)
        => challenge is { Identifier: { Type: not null, Value: not null } }
            && IsKnownType(challenge.Type)
            && IsOfServer(challenge.Url)
            && IsOfServer(challenge.Authorization)
            && (challenge.Token is null ? challenge.Type == ChallengeTypes.DnsPersist01 : KeyAuthorization.IsToken(challenge.Token));
}
