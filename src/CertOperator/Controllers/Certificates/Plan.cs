namespace CertOperator.Controllers.Certificates;

/// <summary>What is to be done about a Certificate now. Reasons are CamelCase words, messages sentences for people.</summary>
internal abstract record Plan
{
    private Plan()
    {
    }

    /// <summary>The Secret is as wanted; look again at <paramref name="Until"/>.</summary>
    internal sealed record UpToDate(DateTimeOffset Until) : Plan;

    /// <summary>The key pair is as wanted, what surrounds it in the Secret is not: write it again without a new certificate.</summary>
    internal sealed record Rewrite(string Reason, string Message) : Plan;

    /// <summary>The user wants a former key pair back; the request names its revision.</summary>
    internal sealed record RollBack(string Request) : Plan;

    /// <summary>Have a certificate signed and store it.</summary>
    internal sealed record Issue(string Reason, string Message) : Plan;

    /// <summary>Something is wanted that cannot be done yet; <paramref name="Until"/> is null if only a change can help.</summary>
    internal sealed record Wait(DateTimeOffset? Until, string Reason, string Message) : Plan
    {
        /// <summary>What is under way is not wanted any more.</summary>
        public bool Abandons { get; init; }
    }

    /// <summary>Nothing will be done until the user changes something.</summary>
    internal sealed record Refuse(string Reason, string Message) : Plan;
}
