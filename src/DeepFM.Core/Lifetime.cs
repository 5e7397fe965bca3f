namespace DeepFM;

/// <summary>Whether something may still be used: it is freed when it has been disposed of and no call uses it any more.</summary>
/// <param name="owner">What is disposed of; the message names its type.</param>
/// <param name="free">Called once.</param>
sealed class Lifetime(object owner, Action free)
{
    int calls;                          // under way; with the sign bit once it is disposed of

    /// <summary>Begins a call, whose memory stays until the result is disposed of.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    public Call Enter()
    {
        for (int now = Volatile.Read(ref calls); ;)
        {
            ObjectDisposedException.ThrowIf(now < 0, owner);
            int seen = Interlocked.CompareExchange(ref calls, now + 1, now);
            if (seen == now) { return new(this); }
            now = seen;
        }
    }

    /// <summary>Refuses what was disposed of.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    public void Require() => ObjectDisposedException.ThrowIf(Volatile.Read(ref calls) < 0, owner);

    /// <summary>Lets no call begin, and frees the memory: now, or when the last call that is under way has ended. May come twice.</summary>
    public void End()
    {
        if (Interlocked.Or(ref calls, int.MinValue) == 0) { free(); }
    }

    /// <summary>A call that is under way.</summary>
    public readonly struct Call(Lifetime lifetime) : IDisposable
    {
        /// <summary>Ends the call.</summary>
        public void Dispose() => lifetime.Leave();
    }

    void Leave()
    {
        if (Interlocked.Decrement(ref calls) == int.MinValue) { free(); }
    }
}
