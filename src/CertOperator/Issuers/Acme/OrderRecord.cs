using System.Net;
using CertOperator.Acme.Accounts;
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
    public static IssuanceStatus Write(OrderState state, Issuance issuance, string issuer) => new()
    {
        Id = IsSameOrder(issuance.UnderWay, state) ? issuance.UnderWay!.Id : Guid.NewGuid().ToString("N"),
        Issuer = issuer,
        Started = state.StartedAt,
        SpecHash = issuance.Desired.SpecHash,
        AccountURL = state.Account.OriginalString,
        OrderURL = state.Order.OriginalString,
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
        PendingChallenge[] challenges = [.. (record.Challenges ?? []).Select(Read).OfType<PendingChallenge>()];
        return new OrderState
        {
            Directory = directory,
            Account = account.Url,
            Order = order,
            StartedAt = record.Started,
            // With one of them unreadable, the CA is asked for all of them again.
            Challenges = challenges.Length == record.Challenges?.Count ? challenges : [],
        };
    }

    /// <summary>Whether a restart now would find the same order and the same challenges.</summary>
    public static bool IsStored(IssuanceStatus? record, OrderState state)
        => IsSameOrder(record, state)
            && state.Challenges.All(challenge => record!.Challenges?.Any(stored => stored.Url == challenge.Url.OriginalString && stored.Token == challenge.Token) == true);

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
        => Uri.TryCreate(stored.Url, UriKind.Absolute, out Uri? url) && Uri.TryCreate(stored.Authorization, UriKind.Absolute, out Uri? authorization)
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
}
