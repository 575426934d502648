using System.Net;
using CertOperator.Acme.Accounts;
using CertOperator.Acme.Challenges;
using CertOperator.Acme.Issuance;
using CertOperator.Acme.Orders;
using CertOperator.Api;
using ChallengeStatus = CertOperator.Api.ChallengeStatus;

namespace CertOperator.Issuers.Acme;

/// <summary>An order under way as it stands in a Certificate's status, where others may have written. Pure.</summary>
internal static class OrderRecord
{
    /// <summary>What is to be stored of an order.</summary>
    /// <param name="state">The order.</param>
    /// <param name="issuance">What for.</param>
    /// <param name="issuer">Kind/name of the issuer.</param>
    /// <param name="thumbprint">Of the account key.</param>
    public static IssuanceStatus Write(OrderState state, Issuance issuance, string issuer, string thumbprint) => new()
    {
        Id = issuance.Id,
        Issuer = issuer,
        Started = issuance.Began,
        SpecHash = issuance.Desired.SpecHash,
        AccountURL = state.Account.OriginalString,
        OrderURL = state.Order.OriginalString,
        KeyThumbprint = thumbprint,
        Challenges = state.Challenges.Count == 0 ? null : [.. state.Challenges.Select(Write)],
    };

    /// <summary>
    /// The order; null if there is none of this account, or what is there cannot be read. Whether its URLs may be used is for the
    /// <see cref="OrderMachine"/> to say.
    /// </summary>
    public static OrderState? Read(IssuanceStatus? record, Uri directory, AcmeAccount account)
    {
        if (record is null || record.AccountURL != account.Url.OriginalString || !Uri.TryCreate(record.OrderURL, UriKind.Absolute, out Uri? order))
            return null;
        IReadOnlyList<PendingChallenge> challenges = ChallengesOf(record);
        return new OrderState
        {
            Directory = directory,
            Account = account.Url,
            Order = order,
            StartedAt = record.Started,
            // With one of them unreadable, the CA is asked for all of them again.
            Challenges = challenges.Count == record.Challenges?.Count ? challenges : [],
        };
    }

    /// <summary>The challenges that a record tells of, of whichever account; without those that cannot be read.</summary>
    public static IReadOnlyList<PendingChallenge> ChallengesOf(IssuanceStatus record) => [.. (record.Challenges ?? []).Select(Read).OfType<PendingChallenge>()];

    /// <summary>Whether a restart now would find the same order, and the same challenges with the same answers.</summary>
    public static bool IsStored(IssuanceStatus? record, OrderState state, string thumbprint)
        => IsSameOrder(record, state)
            && record!.KeyThumbprint == thumbprint
            && state.Challenges.All(challenge => record.Challenges?.Any(stored => stored.Url == challenge.Url.OriginalString && stored.Token == challenge.Token) == true);

    private static bool IsSameOrder(IssuanceStatus? record, OrderState state)
        => record?.OrderURL == state.Order.OriginalString && record.AccountURL == state.Account.OriginalString;

    private static ChallengeStatus Write(PendingChallenge challenge) => new()
    {
        Name = challenge.Identifier.Value,
        Type = challenge.Type,
        Token = challenge.Token,
        Url = challenge.Url.OriginalString,
        Authorization = challenge.Authorization.OriginalString,
        AnsweredAt = challenge.FirstAnsweredAt,
    };

    private static PendingChallenge? Read(ChallengeStatus stored)
        => IsToken(stored) && Uri.TryCreate(stored.Url, UriKind.Absolute, out Uri? url) && Uri.TryCreate(stored.Authorization, UriKind.Absolute, out Uri? authorization)
            ? new PendingChallenge
            {
                Identifier = IPAddress.TryParse(stored.Name, out IPAddress? address) ? Identifier.Ip(address) : Identifier.Dns(stored.Name),
                Type = stored.Type,
                Url = url,
                Authorization = authorization,
                Token = stored.Token,
                IsPresented = stored.AnsweredAt is not null,
                FirstAnsweredAt = stored.AnsweredAt,
                AnsweredAt = stored.AnsweredAt,
            }
            : null;

    private static bool IsToken(ChallengeStatus stored) => stored.Token is null ? stored.Type == ChallengeTypes.DnsPersist01 : KeyAuthorization.IsToken(stored.Token);
}
