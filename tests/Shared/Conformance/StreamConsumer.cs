using Orleans.Streams;
using Orleans.Streams.Core;

namespace AgentRuntime.Testing.Conformance;

/// <summary>Does with the events of its stream what the stream's script says.</summary>
public abstract class StreamConsumer(string name) : Grain, IStreamSubscriptionObserver
{
    public const string Namespace = "orders";
    public const string Billing = "billing";
    public const string Shipping = "shipping";

    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
    {
        var script = StreamScript.Of(this.GetPrimaryKeyString());
        await handleFactory.Create<StreamEvent>().ResumeAsync((item, _) => script.MeetAsync(name, item));
    }
}

[Alias("test.billing")]
public interface IBilling : IGrainWithStringKey;

[Alias("test.shipping")]
public interface IShipping : IGrainWithStringKey;

[ImplicitStreamSubscription(StreamConsumer.Namespace)]
internal sealed class BillingGrain() : StreamConsumer(Billing), IBilling;

[ImplicitStreamSubscription(StreamConsumer.Namespace)]
internal sealed class ShippingGrain() : StreamConsumer(Shipping), IShipping;
